import { duration, percent, shortNumber } from "./format.js";
import { words } from "./severity.js";

/** How a finding's measure is written: its name without the unit, and its values with it. */
export interface Quantity {
  readonly name: string;
  text(value: number): string;
}

/** Reads the unit off a measure's name, where detectors put it: `p95_latency_ms`, `error_rate`, `speed_kmh`. */
export function quantityOf(measure: string): Quantity {
  if (measure.endsWith("_ms")) return { name: words(measure.slice(0, -3)), text: duration };
  if (/(_rate|_share)$/.test(measure)) return { name: words(measure), text: percent };
  if (measure.endsWith("_kmh")) return { name: words(measure.slice(0, -4)), text: (v) => `${shortNumber(v)} km/h` };
  if (measure.endsWith("_km")) return { name: words(measure.slice(0, -3)), text: (v) => `${shortNumber(v)} km` };
  return { name: words(measure), text: shortNumber };
}
