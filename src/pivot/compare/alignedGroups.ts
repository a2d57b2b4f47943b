import { DAY_MS, HOUR_MS, WEEK_MS } from "../../core/time.js";
import type { Cube } from "../../cube/cube.js";
import { range } from "../../cube/segments/range.js";

/** The groups of each cube whose hour, of the day or of the week, occurs in both; all of them if nothing is to be aligned. */
export function alignedGroups(
  before: Cube,
  after: Cube,
  align: "none" | "hour" | "weekday-hour",
): readonly [Uint32Array, Uint32Array] {
  if (align === "none") return [range(before.groups.length), range(after.groups.length)];
  const periodMs = align === "hour" ? DAY_MS : WEEK_MS;
  const slots = [before, after].map((cube) => {
    const { bucket } = cube.groups;
    return bucket.map((b) => Math.floor(((cube.originMs + b * cube.bucketMs) % periodMs) / HOUR_MS));
  });
  const [first, second] = slots.map((slot) => new Set(slot));
  const both = (slot: Uint32Array): Uint32Array =>
    range(slot.length).filter((group) => first!.has(slot[group]!) && second!.has(slot[group]!));
  return [both(slots[0]!), both(slots[1]!)];
}
