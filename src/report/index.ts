// Public names of geopivot/report.

export type { ReportOptions } from "./buildReportModel.js";
export { compareMarkdown } from "./compareMarkdown.js";
export { ECS_VERSION, findingsEcs } from "./ecs.js";
export {
  type FindingFeature,
  type FindingProperties,
  type FindingsGeoJson,
  findingsGeoJson,
} from "./findingsGeoJson.js";
export {
  type FindingJson,
  type FindingsInput,
  type FindingsJson,
  type FindingsJsonOptions,
  findingsJson,
  type SeriesJson,
} from "./findingsJson.js";
export { compareJunit } from "./junit.js";
export { type ExportOptions, findingsOcsf, type JsonObject, OCSF_VERSION } from "./ocsf.js";
export { type ParsedFindings, parseFindings } from "./parseFindings.js";
export { renderReport } from "./renderReport.js";
