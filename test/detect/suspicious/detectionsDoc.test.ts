import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { hasSharedData, sharedData } from "../../support/sharedData.js";

const SUBTYPES =
  /`(?:impossible-travel|concurrent-sessions|credential-stuffing|password-spraying|brute-force|traffic-surge|scraper|busy-client|new-origin|unwanted-country|share-drift)`/;
const rows = readFileSync("docs/detections.md", "utf8")
  .split("\n")
  .filter((line) => /^\| \d+ +\|/.test(line))
  .map((line) =>
    line
      .split("|")
      .map((cell) => cell.trim())
      .slice(1),
  );

test("each of the 59 rows names a subtype of finding, another row, or why it is out of scope", () => {
  expect(rows).toHaveLength(59);
  for (const [, , , answer] of rows)
    expect(answer).toMatch(new RegExp(`${SUBTYPES.source}|As row \\d+|Out of scope`, "i"));
});

test.skipIf(!hasSharedData("detect/geo_detections.csv"))(
  "the rows are those of the published list, in its order",
  () => {
    const published = readFileSync(sharedData("detect/geo_detections.csv"), "utf8").trim().split("\n").slice(1);
    expect(published).toHaveLength(rows.length);
    published.forEach((line, i) => {
      expect(line.startsWith(rows[i]![1]!), line).toBe(true);
    });
  },
);
