import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { reportError } from "../errors.js";

/** The parts of the page that are the same in every report, made by the build (`scripts/buildReportPage.ts`). */
export interface ReportPage {
  readonly script: string;
  readonly style: string;
  /** Their hashes as a Content-Security-Policy names them: `sha256-…`. */
  readonly scriptHash: string;
  readonly styleHash: string;
  /** Coastlines and borders: gzipped TopoJSON as base64. */
  readonly world: string;
  /** Licences of what the page contains. */
  readonly notice: string;
}

/**
 * Reads the page's parts from beside the built code, from `dist` when the code runs from its source, or, when it runs from
 * a bundle, from the working directory or the package that is installed there.
 *
 * Throws `report-not-built` where there are none.
 */
export function reportPage(): ReportPage {
  const here: string | undefined = import.meta.url; // esbuild leaves it out of CommonJS
  const beside = here ? ["./reportPage.json", "../../../dist/reportPage.json"].map((path) => new URL(path, here)) : [];
  const places = [...beside.map((url) => fileURLToPath(url)), join(process.cwd(), "reportPage.json"), ...installed()];
  const path = places.find((place) => existsSync(place));
  if (!path) throw reportError("report-not-built", { looked: places });
  return JSON.parse(readFileSync(path, "utf8")) as ReportPage;
}

function installed(): string[] {
  try {
    const manifest = createRequire(join(process.cwd(), "x")).resolve("geopivot/package.json");
    return [join(dirname(manifest), "dist/reportPage.json")];
  } catch {
    return [];
  }
}
