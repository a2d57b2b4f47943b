import { unpackModel } from "../page/packModel.js";
import type { ReportModel } from "../page/reportModel.js";
import { byId } from "./dom.js";
import type { World } from "./map/baseMap.js";

/** Reads the report and the coastlines out of the page's own data blocks. */
export async function loadReport(): Promise<{ model: ReportModel; world: World }> {
  const [json, bytes, world] = await Promise.all([
    inflated("report-text"),
    inflated("report-columns"),
    inflated("world"),
  ]);
  const model = unpackModel({ json: await json.text(), bytes: new Uint8Array(await bytes.arrayBuffer()) });
  return { model, world: JSON.parse(await world.text()) as World };
}

/** A block's bytes: deflated, as base64. */
async function inflated(id: string): Promise<Response> {
  const binary = atob(byId(id).textContent ?? "");
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")));
}
