import type { Comparison, RegionChange } from "../../pivot/compare/comparison.js";
import { measureName, measureText, regionName } from "./compareMarkdown.js";

/**
 * A comparison as JUnit XML, for pipelines that show tests: one case a region and measure that was tested, failed where
 * `failed` says so.
 */
export function compareJunit(comparison: Comparison, failed: (change: RegionChange) => boolean): string {
  const cases = comparison.changes.filter((change) => !Number.isNaN(change.qValue));
  const failures = cases.filter(failed).length;
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" skipped="0"`;
  const name = escaped(`${comparison.before.label} → ${comparison.after.label}`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="geopivot compare" ${counts}>`,
    `  <testsuite name="${name}" ${counts}>`,
    ...cases.map((change) => testCase(change, comparison.quantile, failed(change))),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function testCase(change: RegionChange, quantile: number, isFailure: boolean): string {
  const measure = measureName(change.measure, quantile);
  const head = `    <testcase classname="${escaped(measure)}" name="${escaped(regionName(change.region))}"`;
  if (!isFailure) return `${head}/>`;
  const values = `${measureText(change.measure, change.before)} → ${measureText(change.measure, change.after)}`;
  const message = escaped(`${measure} ${values}, q = ${change.qValue.toExponential(1)}`);
  const requests = escaped(`${change.requestsBefore} requests before, ${change.requestsAfter} after`);
  return `${head}><failure type="${change.severity}" message="${message}">${requests}</failure></testcase>`;
}

/** Text fit for XML 1.0: characters that it cannot hold are replaced, and what it would act on is escaped. */
function escaped(text: string): string {
  return text
    .replace(NOT_XML, "\ufffd")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;");
}

/** Control characters, non-characters and halves of surrogate pairs (XML 1.0, production 2). */
const NOT_XML =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
