import { DAY_MS, HOUR_MS, isoTime, parseDurationMs } from "../../core/time.js";
import type { Cube } from "../../cube/cube.js";
import type { Attribute, Label } from "./attribute.js";
import type { LocalTime } from "./localTime.js";

/** `time:6h` is the time in steps of six hours. */
export const TIME_ATTRIBUTES: readonly string[] = ["time", "time:STEP", "day", "hour", "weekday"];

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/** 1 January 1970 was a Thursday. */
const EPOCH_WEEKDAY = 3;

/** Whether a name is that of an attribute of time. */
export function isTimeAttribute(name: string): boolean {
  return TIME_ATTRIBUTES.includes(name) || name.startsWith("time:");
}

/**
 * An attribute of a bucket's start: `time` (ISO 8601), `day` (its date), `hour` (0 to 23) or `weekday` (Mon to Sun), in UTC
 * or in local time. Local times are written without a "Z".
 */
export function timeAttribute(cube: Cube, name: string, localTime: LocalTime | null): Attribute {
  const clock = clockOf(cube, name, localTime !== null);
  const common = { name, labels: clock.labels, sorted: "given", codeAt: clock.codeAt } as const;
  const timeOf = (bucket: number): number => cube.originMs + bucket * cube.bucketMs;
  if (!localTime) {
    const codes = Uint32Array.from({ length: cube.bucketCount }, (_, bucket) => clock.codeAt(timeOf(bucket)));
    return { ...common, of: "bucket", codes };
  }
  const { bucket, place } = cube.groups;
  const codes = new Uint32Array(bucket.length);
  for (let g = 0; g < codes.length; g++) {
    const timeMs = timeOf(bucket[g]!);
    codes[g] = clock.codeAt(timeMs + localTime.offsetMs(place[g]!, timeMs));
  }
  return { ...common, of: "group", codes };
}

/** Moments as codes and codes as labels. The last label is that of no known time. */
interface Clock {
  readonly labels: readonly Label[];
  readonly codeAt: (timeMs: number) => number;
}

function clockOf(cube: Cube, name: string, local: boolean): Clock {
  if (name === "hour")
    return cyclic(
      Array.from({ length: 24 }, (_, hour) => hour),
      HOUR_MS,
      0,
    );
  if (name === "weekday") return cyclic(WEEKDAYS, DAY_MS, EPOCH_WEEKDAY);
  const stepMs = name === "day" ? DAY_MS : name === "time" ? cube.bucketMs : parseDurationMs(name.slice(5));
  const margin = local ? DAY_MS : 0;
  const first = Math.floor((cube.originMs - margin) / stepMs);
  const last = Math.floor((cube.originMs + Math.max(0, cube.bucketCount - 1) * cube.bucketMs + margin) / stepMs);
  const labels: Label[] = [];
  for (let step = first; step <= last; step++) {
    const text = isoTime(step * stepMs);
    labels.push(name === "day" ? text.slice(0, 10) : local ? text.slice(0, -1) : text);
  }
  labels.push(null);
  const unknown = labels.length - 1;
  return { labels, codeAt: (timeMs) => (Number.isNaN(timeMs) ? unknown : Math.floor(timeMs / stepMs) - first) };
}

function cyclic(values: readonly Label[], stepMs: number, shift: number): Clock {
  const n = values.length;
  const codeAt = (timeMs: number): number => {
    if (Number.isNaN(timeMs)) return n;
    return (((Math.floor(timeMs / stepMs) + shift) % n) + n) % n;
  };
  return { labels: [...values, null], codeAt };
}
