import type { Shapes } from "../../core/options/shape.js";
import { epochMs, list, nested, number, recordOf, text } from "../../core/options/shapes.js";
import { detectError } from "../errors.js";
import { ALL_GUARDS, type Guards } from "./guards.js";
import type { SourceSpan } from "./series/sourceCoverage.js";
import type { Holidays } from "./signals/holidays.js";

/** How regional detectors judge. */
export interface RegionalOptions {
  /**
   * How often quiet traffic may raise a false alarm, for the whole world and all regional detectors together: once in
   * 20 weeks at the default 0.05. At most 100.
   */
  readonly falseAlarmsPerWeek?: number;
  /** Distinct clients that a region must have for its requests to count as a region's. Default 5. */
  readonly minClients?: number;
  /** The files that the log came in, with the time that each covers: a file that is missing is no outage. Default none. */
  readonly sources?: readonly SourceSpan[];
  /**
   * Days off beside weekends, as ISO dates by country: `{ DE: ["2026-12-25"] }`. A drop to what a weekend has is information
   * on these, and low on any day of a country that has no list. Default none.
   */
  readonly holidays?: Holidays;
}

/** What each option takes. */
export const REGIONAL_OPTIONS: Shapes<RegionalOptions> = {
  falseAlarmsPerWeek: number,
  minClients: number,
  sources: list(nested<SourceSpan>({ name: text, fromMs: epochMs, toMs: epochMs, requests: number }), "files"),
  holidays: recordOf(list(text, "ISO dates"), 'an object of ISO dates by country: { DE: ["2026-12-25"] }'),
};

/** Options with their defaults filled in, checked. */
export interface RegionalSettings {
  readonly falseAlarmsPerWeek: number;
  readonly minClients: number;
  readonly guards: Guards;
  readonly sources: readonly SourceSpan[];
  readonly holidays: Holidays;
  /** Called each time that a signal has been watched to the end, which takes a second or so on a large log. */
  readonly onWatched?: () => void;
}

/** Kinds of evidence that share the promised rate: drops, errors and refusals, latency. */
export const CHANNELS = 3;

/** The share of the promised rate that values of dimensions have, where there are any; places have the rest. */
export const SLICE_SHARE = 0.2;

/** Fills in defaults. Throws `bad-detect-option`. */
export function regionalSettings(
  { falseAlarmsPerWeek = 0.05, minClients = 5, sources = [], holidays = {} }: RegionalOptions,
  guards: Guards = ALL_GUARDS,
): RegionalSettings {
  if (!(falseAlarmsPerWeek > 0 && falseAlarmsPerWeek <= 100))
    throw detectError("bad-detect-option", {
      option: "falseAlarmsPerWeek",
      value: String(falseAlarmsPerWeek),
      expected: "a number above 0 and at most 100",
    });
  if (!(Number.isInteger(minClients) && minClients >= 1))
    throw detectError("bad-detect-option", {
      option: "minClients",
      value: String(minClients),
      expected: "an integer of 1 or more",
    });
  return { falseAlarmsPerWeek, minClients, guards, sources, holidays };
}
