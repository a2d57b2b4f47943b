// Public names of geopivot/report.

export { incidentPicture } from "./incidents/incidentPicture.js";
export type { ReportOptions } from "./page/buildReportModel.js";
export { renderReport } from "./page/renderReport.js";
export { compareMarkdown } from "./payloads/compareMarkdown.js";
export { ECS_VERSION, findingsEcs } from "./payloads/ecs.js";
export {
  type FindingFeature,
  type FindingProperties,
  type FindingsGeoJson,
  findingsGeoJson,
} from "./payloads/findingsGeoJson.js";
export {
  type FindingJson,
  type FindingsInput,
  type FindingsJson,
  type FindingsJsonOptions,
  findingsJson,
  type SeriesJson,
} from "./payloads/findingsJson.js";
export { compareJunit } from "./payloads/junit.js";
export { type ExportOptions, findingsOcsf, type JsonObject, OCSF_VERSION } from "./payloads/ocsf.js";
export { type ParsedFindings, parseFindings } from "./payloads/parseFindings.js";
