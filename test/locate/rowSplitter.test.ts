import fc from "fast-check";
import Papa from "papaparse";
import { expect, test } from "vitest";
import { splitRow } from "../../src/locate/text/rowSplitter.js";

test.each([
  ['1.0.0.0,1.0.0.255,"Sydney, NSW"', ["1.0.0.0", "1.0.0.255", "Sydney, NSW"]],
  [',"b"', ["", "b"]],
  ['"",', ["", ""]],
  ['"a",,"c"', ["a", "", "c"]],
  ['"say ""hi"""', ['say "hi"']],
  ["", [""]],
  [",", ["", ""]],
])("the fields of %s", (line, fields) => {
  expect(splitRow(line, ",")).toEqual(fields);
});

test("what is written as RFC 4180 says is taken apart as papaparse does", () => {
  const field = fc.string({ unit: fc.constantFrom("a", "é", ",", '"', " ", ";", "|", "0") });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(field, fc.boolean()), { minLength: 1 }),
      fc.constantFrom(",", ";"),
      (fields, delimiter: "," | ";") => {
        const line = fields
          .map(([text, quoted]) => (quoted || /[",;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text))
          .join(delimiter);
        expect(splitRow(line, delimiter)).toEqual(fields.map(([text]) => text));
        if (line !== "") expect(splitRow(line, delimiter)).toEqual(Papa.parse<string[]>(line, { delimiter }).data[0]);
      },
    ),
  );
});
