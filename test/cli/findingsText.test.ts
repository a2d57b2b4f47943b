import fc from "fast-check";
import { expect, test } from "vitest";
import { findingsText } from "../../src/cli/output/findingsText.js";
import { escapeControls } from "../../src/cli/output/jsonText.js";
import type { FindingsJson } from "../../src/report/payloads/findingsJson.js";

test("findings written one by one are the document written at once", () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  const text = fc.string({ unit: "binary" });
  const document = fc.record({
    schema: fc.constant("geopivot.findings/1"),
    input: fc.record({ files: fc.array(text), events: fc.nat() }),
    findings: fc.array(fc.record({ id: text, title: text, evidence: value })),
  });
  fc.assert(
    fc.property(document, (doc) => {
      const pieces = [...findingsText(doc as unknown as FindingsJson)];
      // Control characters are written as escapes, which say the same.
      expect(pieces.join("")).toBe(`${escapeControls(JSON.stringify(doc, null, 2))}\n`);
    }),
  );
});
