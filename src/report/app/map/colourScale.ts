import { ticks } from "d3-array";
import type { Measure } from "../measures.js";
import { ramp, SILENT, type Theme } from "./palette.js";

/** How a measure's values become colours, and what its legend says. */
export interface ColourScale {
  colour(value: number): string;
  /** Where a value lies on the ramp, [0, 1]. */
  position(value: number): number;
  /** Values to write beside the ramp, rising. */
  readonly ticks: readonly number[];
}

/**
 * A scale over the values that occur: logarithmic ones span the smallest to the largest; shares begin at 0 and end at a
 * round share that all but the highest hundredth stay below; ratios always run from an eighth to eightfold, since what
 * counts is how far they are from 1.
 */
export function colourScale(measure: Measure, values: Float64Array, theme: Theme): ColourScale {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  const place = SPREADS[measure.spread](known);
  const between = ramp(theme, measure.ramp);
  const isRatio = measure.spread === "ratio";
  return { ...place, colour: (value) => (isRatio && value === 0 ? SILENT[theme] : between(place.position(value))) };
}

interface Spread {
  position(value: number): number;
  readonly ticks: readonly number[];
}

const SPREADS: Readonly<Record<Measure["spread"], (sorted: Float64Array) => Spread>> = {
  logarithmic: (sorted) => {
    const low = Math.max(sorted[Math.floor(sorted.length * 0.002)] ?? 1, 1e-3);
    const high = Math.max(sorted[sorted.length - 1] ?? 10, low * 2);
    const span = Math.log(high / low);
    return { position: (value) => Math.log(Math.max(value, low) / low) / span, ticks: logTicks(low, high) };
  },
  share: (sorted) => {
    const most = sorted[Math.floor(sorted.length * 0.99)] ?? 0;
    const high = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5].find((edge) => most <= edge) ?? 1;
    return { position: (value) => Math.sqrt(value / high), ticks: [0, high / 10, high / 4, high / 2, high] };
  },
  ratio: () => ({
    position: (value) => (Math.log2(Math.max(value, 1 / 8)) + 3) / 6,
    ticks: [1 / 8, 1 / 2, 1, 2, 8],
  }),
};

/** 1, 2 and 5 times powers of ten within the range, thinned to at most five; round values where the range is narrower. */
function logTicks(low: number, high: number): number[] {
  const all: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    for (const digit of [1, 2, 5]) all.push(digit * 10 ** power);
  }
  const inside = all.filter((tick) => tick >= low * 0.999 && tick <= high * 1.001);
  if (inside.length < 3) return ticks(low, high, 4);
  const decades = inside.filter((tick) => Math.abs(Math.log10(tick) - Math.round(Math.log10(tick))) < 1e-9);
  const chosen = decades.length >= 3 ? decades : inside;
  const step = Math.ceil(chosen.length / 5);
  return chosen.filter((_, i) => i % step === 0);
}
