import { expect, test } from "vitest";
import { parseStatuses } from "../../src/cli/input/errorsOption.js";

test("statuses are codes, classes and ranges, each once", () => {
  expect(parseStatuses("429, 404,429")).toEqual([404, 429]);
  expect(parseStatuses("400-403,401")).toEqual([400, 401, 402, 403]);
  expect(parseStatuses("5xx")).toHaveLength(100);
});

test.each(["", "6xx", "500-", "504-500", "50", "5x", "429,,500"])("%j is none", (text) =>
  expect(() => parseStatuses(text)).toThrow(/expected statuses/),
);
