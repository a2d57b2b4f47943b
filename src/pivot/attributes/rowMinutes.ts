import { MINUTE_MS } from "../../core/time.js";
import type { Cube } from "../../cube/cube.js";
import type { PivotKey } from "../pivotKeys.js";
import type { CodeFilter } from "../where.js";
import type { LocalTime } from "./localTime.js";

/** The time that rows stand for, from which rates are taken. */
export interface RowTime {
  readonly cube: Cube;
  readonly filters: readonly CodeFilter[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly localTime: LocalTime | null;
}

/**
 * Minutes of the cube's time that fall under the keys of a row: all of it without a key of time, one day a week of it
 * under `weekday`. Buckets without requests count, so that quiet hours lower a rate.
 *
 * @param keys - the keys of the table; ranks of "total" stand for any value
 * @returns the minutes of a row, given its ranks and one of its groups, whose place tells the local time
 */
export function rowMinutes(
  time: RowTime,
  keys: readonly PivotKey[],
): (ranks: readonly number[], sample: number) => number {
  const timed = keys.map((key, column) => ({ key, column })).filter(({ key }) => key.attribute.codeAt);
  const byOffset = new Map<string, ReadonlyMap<string, number>>();
  return (ranks, sample) => {
    const { cube, localTime } = time;
    const offsetMs = localTime ? localTime.offsetMs(cube.groups.place[sample]!, cube.originMs) : 0;
    const open = timed.filter(({ key, column }) => ranks[column] !== key.totalRank);
    const name = `${offsetMs};${open.map(({ column }) => column).join(",")}`;
    let minutes = byOffset.get(name);
    if (!minutes) {
      minutes = minutesByKey(
        time,
        open.map(({ key }) => key),
        offsetMs,
      );
      byOffset.set(name, minutes);
    }
    return minutes.get(open.map(({ column }) => ranks[column]).join(",")) ?? 0;
  };
}

function minutesByKey(time: RowTime, keys: readonly PivotKey[], offsetMs: number): ReadonlyMap<string, number> {
  const { cube, filters, fromMs, toMs } = time;
  const timeFilters = filters.filter(({ attribute }) => attribute.codeAt);
  const minutes = new Map<string, number>();
  for (let bucket = 0; bucket < cube.bucketCount; bucket++) {
    const timeMs = cube.originMs + bucket * cube.bucketMs;
    if (timeMs < fromMs || timeMs >= toMs) continue;
    const local = timeMs + offsetMs;
    if (!timeFilters.every(({ attribute, allowed }) => allowed[attribute.codeAt!(local)] === 1)) continue;
    const key = keys.map(({ attribute, rankOfCode }) => rankOfCode[attribute.codeAt!(local)]).join(",");
    minutes.set(key, (minutes.get(key) ?? 0) + cube.bucketMs / MINUTE_MS);
  }
  return minutes;
}
