import { errorKind } from "../core/errors.js";

/** Everything that report/ throws on purpose. */
export const reportError = errorKind<{
  "report-not-built": { looked: readonly string[] };
  "bad-findings": { path: string; expected: string; found: string };
}>({
  "report-not-built": (d) => `the report's page is missing (looked at ${d.looked.join(", ")}): run npm run build`,
  "bad-findings": (d) => `not a geopivot.findings/1 document: ${d.path} should be ${d.expected}, found ${d.found}`,
});
