import type { ReportFinding, ReportModel } from "../../page/reportModel.js";
import { severityClass } from "../severity.js";
import type { ReportState } from "./store.js";

/** Whether a finding is listed and marked: by its severity, and unless it is confined to other traffic than is shown. */
export function isListed(finding: ReportFinding, { severities }: ReportState, slice: ReportModel["slice"]): boolean {
  if (!severities.includes(severityClass(finding.severity))) return false;
  return slice === null || (finding.dimensions[slice.dimension] ?? slice.value) === slice.value;
}

/** Positions of the findings that are listed, in their order. */
export function listedFindings(model: ReportModel, state: ReportState): number[] {
  return [...model.findings.keys()].filter((i) => isListed(model.findings[i]!, state, model.slice));
}
