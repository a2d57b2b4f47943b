import fc from "fast-check";
import { expect, test } from "vitest";
import { isGeopivotError } from "../../src/core/errors.js";
import { findingsJson } from "../../src/report/payloads/findingsJson.js";
import { parseFindings } from "../../src/report/payloads/parseFindings.js";
import { findingExample, inputExample } from "./findingExample.js";

const document = () => JSON.parse(JSON.stringify(findingsJson(inputExample, [findingExample()], { details: true })));

test("findings written with details come back as they were", () => {
  const series = { ...findingExample().series!, measure: "p50_latency_ms" };
  const findings = [findingExample(), findingExample({ id: "other", endMs: null, series })];
  const text = JSON.stringify(findingsJson(inputExample, findings, { details: true }));
  expect(parseFindings(text)).toEqual({ input: inputExample, findings });
});

test("without details the contract's fields come back", () => {
  const { series: _, evidence: __, expectedInterval: ___, ...bare } = findingExample();
  expect(parseFindings(JSON.stringify(findingsJson(inputExample, [findingExample()]))).findings).toEqual([bare]);
});

test("what a cause is told without comes back", () => {
  const cause = [{ slice: { version: "4.3.0" }, except: { method: ["HEAD"] }, share: 0.9 }];
  const finding = { ...findingExample(), cause };
  expect(parseFindings(JSON.stringify(findingsJson(inputExample, [finding]))).findings[0]?.cause).toEqual(cause);
});

test.each<[string, (json: ReturnType<typeof document>) => void]>([
  [".schema", (json) => (json.schema = "geopivot.findings/2")],
  [".input.events", (json) => (json.input.events = "many")],
  [".findings", (json) => (json.findings = {})],
  [".findings[0].severity", (json) => (json.findings[0].severity = "grave")],
  [".findings[0].start", (json) => (json.findings[0].start = "yesterday")],
  [".findings[0].region.cells[1]", (json) => (json.findings[0].region.cells[1] = 7)],
  [".findings[0].region.centroid.lat", (json) => delete json.findings[0].region.centroid.lat],
  [".findings[0].cause[0].slice", (json) => (json.findings[0].cause[0].slice = null)],
  [".findings[0].series.time[3]", (json) => (json.findings[0].series.time[3] = null)],
])("what is wrong at %s is named", (path, spoil) => {
  const json = document();
  spoil(json);
  expect(() => parseFindings(JSON.stringify(json))).toThrow(
    expect.objectContaining({ code: "bad-findings", details: expect.objectContaining({ path }) }),
  );
});

test("whatever the text is, it is findings or a typed error", () => {
  const refused = (text: string) => {
    try {
      parseFindings(text);
      return true;
    } catch (error) {
      return isGeopivotError(error, "bad-findings");
    }
  };
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), refused));
  const original = JSON.stringify(document());
  const spoiled = fc.tuple(fc.nat(original.length - 1), fc.string({ maxLength: 3 }));
  fc.assert(fc.property(spoiled, ([at, text]) => refused(original.slice(0, at) + text + original.slice(at + 1))));
});
