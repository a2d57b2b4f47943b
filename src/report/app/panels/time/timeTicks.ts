import type { ScaleTime } from "d3-scale";
import { clock } from "../../format.js";

const DAY_MS = 86_400_000;

/** Ticks of a time axis: days as dates, moments between them as clock times. All UTC. */
export function timeTicks(x: ScaleTime<number, number>, count: number): { at: number; text: string }[] {
  return x.ticks(count).map((time) => ({ at: x(time), text: label(+time) }));
}

function label(timeMs: number): string {
  if (timeMs % DAY_MS !== 0) return clock(timeMs);
  return new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", day: "numeric", month: "short" }).format(timeMs);
}
