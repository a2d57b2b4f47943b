import { duration, percent, shortNumber, span } from "./format.js";
import { words } from "./severity.js";

/** How a number with a name is written: the name without the unit, and values with it. */
export interface Quantity {
  readonly name: string;
  text(value: number): string;
}

const UNITS: readonly (readonly [suffix: RegExp, text: (value: number) => string])[] = [
  [/ ms$/, duration],
  [/ kmh$/, (value) => `${shortNumber(value)} km/h`],
  [/ km$/, (value) => `${shortNumber(value)} km`],
  [/ hours$/, (value) => span(value * 3_600_000)],
  [/ minutes$/, (value) => span(value * 60_000)],
];

/** Reads the unit off a name, where detectors put it: `p95_latency_ms`, `error_rate`, `speed_kmh`, `distanceKm`. */
export function quantityOf(measure: string): Quantity {
  const name = words(measure);
  const unit = UNITS.find(([suffix]) => suffix.test(name));
  if (unit) return { name: name.replace(unit[0], ""), text: unit[1] };
  if (/ (rate|share)$/.test(name)) return { name, text: percent };
  return { name, text: shortNumber };
}
