import { checkOptions } from "../../core/options/checkOptions.js";
import { findingsJson } from "../payloads/findingsJson.js";
import { buildReportModel, REPORT_OPTIONS, type ReportOptions } from "./buildReportModel.js";
import { pageHtml } from "./pageHtml.js";

/**
 * A report as one HTML file that needs nothing else: a map of cells over coastlines, coloured by a measure that the reader
 * chooses, the findings with their evidence, and time to move through. It opens from a disk and loads nothing.
 *
 * The file also holds the findings as the document `geopivot.findings/1`, in its element `#findings`.
 *
 * Throws `report-not-built` where the package's page is missing, `bad-cell` where a finding names a cell that is none.
 */
export function renderReport(options: ReportOptions): string {
  checkOptions("renderReport", options, REPORT_OPTIONS, ["findings", "input"]);
  return pageHtml(buildReportModel(options), findingsJson(options.input, options.findings));
}
