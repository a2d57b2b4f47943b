import type { LivePaths } from "../../page/livePaths.js";
import { modelFromBytes } from "../../page/modelBytes.js";
import type { ReportModel } from "../../page/reportModel.js";
import { byId } from "../dom.js";
import { moment } from "../format.js";
import type { World } from "../map/baseMap.js";
import { ReportView } from "../reportView.js";
import type { ReportState } from "../state/store.js";

/** News that comes together is shown together. */
const GATHER_MS = 250;
/** A page that nobody sees, or that its reader is busy with, is asked again after so long. */
const LATER_MS = 2_000;

/** Shows what the server says from now on; the browser comes back by itself when the server was gone. */
export function followServer(paths: LivePaths, model: ReportModel, world: World, state: ReportState): void {
  const page = new ReportView(model, world, state);
  let shown = model;
  let isConnected = false;
  let timer = 0;
  const tell = (): void => tellStatus(shown, isConnected);
  const update = async (): Promise<void> => {
    timer = 0;
    if (page.isBusy || document.hidden) return later(LATER_MS);
    try {
      const response = await fetch(paths.model, { cache: "no-store" });
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      shown = modelFromBytes(new Uint8Array(await response.arrayBuffer()));
      page.show(shown);
    } catch {
      later(LATER_MS); // the server is gone, or on its way back
    }
    tell();
  };
  const later = (delayMs: number): void => {
    if (timer === 0) timer = window.setTimeout(() => void update(), delayMs);
  };
  const events = new EventSource(paths.events);
  events.addEventListener("open", () => {
    isConnected = true;
    later(0); // what was said while the server was gone may be lost
    tell();
  });
  events.addEventListener("error", () => {
    isConnected = false;
    tell();
    if (events.readyState === EventSource.CLOSED) window.setTimeout(() => location.reload(), 10 * LATER_MS);
  });
  for (const name of ["change", "bucket"]) events.addEventListener(name, () => later(GATHER_MS));
  tell();
}

/** Says how far things are known, and how many findings last: in the header, and in the title for whoever looks at tabs. */
function tellStatus(model: ReportModel, isConnected: boolean): void {
  const lasting = model.findings.filter((finding) => finding.endMs === null).length;
  const until = model.input.to === null ? "waiting for requests" : `up to ${moment(Date.parse(model.input.to))} UTC`;
  const badge = byId("live");
  badge.hidden = false;
  badge.className = isConnected ? "connected" : "lost";
  badge.textContent = isConnected ? `Live, ${until}` : `Connection lost, trying again; ${until}`;
  document.title = lasting > 0 ? `(${lasting}) ${model.title}` : model.title;
}
