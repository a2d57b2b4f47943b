/** Bundles the report's page into dist/reportPage.json, which renderReport fills with a report. Runs after tsup. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import type { ReportPage } from "../src/report/page/reportPage.js";
import { licences } from "./licences.js";

const MAP_DATA = createRequire(import.meta.url).resolve("world-atlas/countries-50m.json");

/** What esbuild bundled, and the packages that it took it from. */
async function bundled(entry: string): Promise<{ code: string; packages: string[] }> {
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "iife",
    target: ["chrome110", "firefox115", "safari16.4"],
    charset: "utf8",
    legalComments: "none",
    loader: { ".woff2": "dataurl" },
  });
  const packages = Object.keys(metafile.inputs).flatMap(
    (path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? [],
  );
  return { code: outputFiles[0]!.text.trim(), packages };
}

/** Ends no element, whatever the bundle's strings hold. */
function inline(code: string): string {
  return code.replace(/<\/(script|style)/gi, "<\\/$1").replace(/<!--/g, "<\\!--");
}

function hash(code: string): string {
  return `sha256-${createHash("sha256").update(code).digest("base64")}`;
}

const script = await bundled("src/report/app/main.ts");
const style = await bundled("src/report/app/report.css");
const packages = [...script.packages, ...style.packages, "world-atlas"];
const page: ReportPage = {
  script: inline(script.code),
  style: inline(style.code),
  scriptHash: hash(inline(script.code)),
  styleHash: hash(inline(style.code)),
  world: gzipSync(readFileSync(MAP_DATA), { level: 9 }).toString("base64"),
  notice: `Map data: Natural Earth, public domain.\n\n${licences(packages)}`.replaceAll("--", "- -"),
};
mkdirSync("dist", { recursive: true });
writeFileSync("dist/reportPage.json", JSON.stringify(page));
