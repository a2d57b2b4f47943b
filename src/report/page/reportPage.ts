import { existsSync, readFileSync } from "node:fs";
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
 * Reads the page's parts from beside the built code, or from `dist` when the code runs from its source.
 *
 * Throws `report-not-built` where there are none.
 */
export function reportPage(): ReportPage {
  const places = ["./reportPage.json", "../../../dist/reportPage.json"].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const path = places.find((place) => existsSync(place));
  if (!path) throw reportError("report-not-built", { looked: places });
  return JSON.parse(readFileSync(path, "utf8")) as ReportPage;
}
