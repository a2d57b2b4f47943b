import { expect, test } from "vitest";
import { causeWords } from "../../src/detect/causeWords.js";
import { titleWithCause } from "../../src/detect/regional/incidents/titleWithCause.js";

test("what a cause is told without is in its words", () => {
  const cause = { slice: { version: "4.3.0", country: "DE" }, except: { method: ["HEAD", "PUT"] }, share: 0.97 };
  expect(causeWords(cause)).toEqual(["version 4.3.0", "Germany", "but not method HEAD, PUT"]);
  expect(causeWords({ slice: {}, except: { country: ["DE", "FR"] } })).toEqual(["but not Germany, France"]);
  expect(titleWithCause("58% of requests from Germany fail", "them", [cause], { country: "DE" })).toBe(
    "58% of requests from Germany fail: 97% of them version 4.3.0, but not method HEAD, PUT",
  );
});
