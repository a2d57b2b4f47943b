import { expect, test } from "vitest";
import { analyzeSeconds, parseSeconds } from "../support/coldStart.js";

const LOG = "data/sample.ndjson.gz";
/** It was seen to be 17 to 24 on a busy machine: half of it the detectors, a sixth the database. */
const MOST_TIMES = 30;

test("analysing the sample in a fresh process costs no more than some times what parsing its lines does", () => {
  const least = (seconds: () => number): number => Math.min(seconds(), seconds());
  expect(least(() => analyzeSeconds(LOG)) / least(() => parseSeconds(LOG))).toBeLessThan(MOST_TIMES);
});
