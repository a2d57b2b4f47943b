import { DAY_MS, HOUR_MS } from "../../core/time.js";
import type { RhythmName } from "./textureSpec.js";

/** Share of the mean that comes at each local hour of a working day and of a day off. */
type Profile = readonly [working: readonly number[], off: readonly number[]];

/** Countries whose weekend is Friday and Saturday. */
const FRIDAY_SATURDAY = new Set(["AE", "SA", "EG", "IL", "IQ", "JO", "KW", "QA", "OM", "BH", "DZ", "LY", "YE", "SD"]);

/** Days of the week off, Sunday being 0. */
function isDayOff(country: string, day: number): boolean {
  return FRIDAY_SATURDAY.has(country) ? day === 5 || day === 6 : day === 0 || day === 6;
}

/**
 * Traffic at a moment relative to its mean over an ordinary week.
 *
 * @param localMs - the place's own clock, as if it were UTC
 * @param dayOff - whether a day is one off beside the weekend
 */
export function rhythmAt(name: RhythmName, country: string, localMs: number, dayOff = false): number {
  if (name === "flat") return 1;
  const off = dayOff || isDayOff(country, new Date(localMs).getUTCDay());
  const profile = PROFILES[name][off ? 1 : 0];
  const at = (localMs % DAY_MS) / HOUR_MS - 0.5;
  const low = Math.floor(at);
  const part = at - low;
  return profile[(low + 24) % 24]! * (1 - part) + profile[(low + 1) % 24]! * part;
}

const bell = (hour: number, middle: number, width: number): number => {
  const far = ((hour - middle + 36) % 24) - 12;
  return Math.exp(-(far * far) / (2 * width * width));
};
const hours = (at: (hour: number) => number): number[] => Array.from({ length: 24 }, (_, h) => at(h + 0.5));

const BUSINESS = scaled([
  hours((h) => 0.05 + bell(h, 10.2, 1.7) + 0.9 * bell(h, 14.8, 1.9)),
  hours((h) => 0.03 + 0.14 * bell(h, 13, 3.5)),
]);
const LEISURE = scaled([
  hours((h) => 0.1 + 0.35 * bell(h, 12.5, 2.5) + bell(h, 20.3, 2.2)),
  hours((h) => 0.12 + 0.75 * bell(h, 13, 3.2) + 1.1 * bell(h, 20.3, 2.6)),
]);
const PROFILES: Readonly<Record<Exclude<RhythmName, "flat">, Profile>> = {
  business: BUSINESS,
  leisure: LEISURE,
  mixed: [0, 1].map((kind) => BUSINESS[kind]!.map((b, h) => (b + LEISURE[kind]![h]!) / 2)) as unknown as Profile,
};

/** Five working days and two off have a mean of 1. */
function scaled([working, off]: Profile): Profile {
  const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
  const mean = (5 * sum(working) + 2 * sum(off)) / 168;
  return [working.map((v) => v / mean), off.map((v) => v / mean)];
}
