import { findingsJson } from "../payloads/findingsJson.js";
import { buildReportModel, type ReportOptions } from "./buildReportModel.js";
import type { LivePaths } from "./livePaths.js";
import { modelToBytes } from "./modelBytes.js";
import { pageHtml } from "./pageHtml.js";

/**
 * The report's page as a server gives it: it goes on to show what its server says, and survives that it is gone for a while.
 *
 * Throws `report-not-built`, `bad-cell`.
 */
export function renderLivePage(options: ReportOptions, paths: LivePaths): string {
  return pageHtml(buildReportModel(options), findingsJson(options.input, options.findings), paths);
}

/** What a live page shows from now on, as bytes. Throws `bad-cell`. */
export function liveModel(options: ReportOptions): Uint8Array {
  return modelToBytes(buildReportModel(options));
}
