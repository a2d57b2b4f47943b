import fc from "fast-check";
import { expect, test } from "vitest";
import { csvFields } from "../../src/locate/sources/csvLine.js";

test.each([
  ['1.0.0.0,1.0.0.255,"Sydney, NSW"', ["1.0.0.0", "1.0.0.255", "Sydney, NSW"]],
  [',"b"', ["", "b"]],
  ['"",', ["", ""]],
  ['"a",,"c"', ["a", "", "c"]],
  ['"say ""hi"""', ['say "hi"']],
  ["", [""]],
  [",", ["", ""]],
])("the fields of %s", (line, fields) => {
  expect(csvFields(line)).toEqual(fields);
});

test("what is written as RFC 4180 says comes back, quoted or not", () => {
  const field = fc.string({ unit: fc.constantFrom("a", "é", ",", '"', " ", ";", "\t", "|", "0") });
  fc.assert(
    fc.property(fc.array(fc.tuple(field, fc.boolean()), { minLength: 1 }), (fields) => {
      const line = fields.map(([text, quoted]) =>
        quoted || /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text,
      );
      expect(csvFields(line.join(","))).toEqual(fields.map(([text]) => text));
    }),
  );
});
