import { expect, test } from "vitest";
import { DAY_MS, HOUR_MS } from "../../../src/core/time.js";
import type { Cube } from "../../../src/cube/cube.js";
import { tooLittleHistory } from "../../../src/detect/regional/signals/tooLittleHistory.js";

const lasting = (hours: number): Cube => ({ bucketMs: 300_000, bucketCount: hours * 12 }) as Cube;

test("a short log says what it cannot be judged by", () => {
  expect(tooLittleHistory(lasting(1)).map((u) => u.subtype)).toEqual(["traffic-drop", "errors", "latency"]);
  expect(tooLittleHistory(lasting(5))).toEqual([{ subtype: "traffic-drop", neededMs: DAY_MS, coveredMs: 5 * HOUR_MS }]);
  expect(tooLittleHistory(lasting(25))).toEqual([]);
});
