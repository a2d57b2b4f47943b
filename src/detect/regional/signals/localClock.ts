import { HOUR_MS } from "../../../core/time.js";
import { LocalTime } from "../../../pivot/attributes/localTime.js";
import type { Sites } from "../series/trafficColumns.js";

/** So many hours' offsets are kept. */
const KEPT = 64;

/** How far the clocks of sites are ahead of UTC: few differ, so what follows from an offset is computed once for each. */
export interface Offsets {
  /** The different offsets, in hours. */
  readonly hours: readonly number[];
  /** Index of each site's. */
  readonly of: Uint8Array;
}

/** What the clocks of sites show: by the time zone of their coordinates, summer time included; UTC where they have none. */
export class LocalClock {
  readonly #time: LocalTime;
  readonly #offsets = new Map<number, Offsets>();
  /** The clock of each site, and the first site of each clock. */
  readonly #clockOf: Uint32Array;
  readonly #firstOf: number[] = [];
  readonly #clocks = new Map<string, number>();
  #last: Offsets | undefined;

  constructor({ length, known = length, lat, lon }: Sites) {
    this.#time = new LocalTime(
      { timeZones: { value: () => "" }, timeZone: new Uint32Array(length), lat, lon },
      "local",
    );
    this.#clockOf = new Uint32Array(length);
    this.admit(0, known);
  }

  /** Takes sites in whose coordinates are known now. */
  admit(from: number, to: number): void {
    for (let p = from; p < to; p++) {
      const name = this.#time.clockOf(p);
      let clock = this.#clocks.get(name);
      if (clock === undefined) {
        clock = this.#firstOf.push(p) - 1;
        this.#clocks.set(name, clock);
      }
      this.#clockOf[p] = clock;
    }
    this.#offsets.clear();
    this.#last = undefined;
  }

  /** Hours that each site's clock is ahead of UTC at a time; the same object for hours in which no clock is set. */
  offsets(timeMs: number): Offsets {
    const hour = Math.floor(timeMs / HOUR_MS);
    const kept = this.#offsets.get(hour);
    if (kept !== undefined) return kept;
    if (this.#offsets.size >= KEPT) this.#offsets.clear();
    const ahead = this.#firstOf.map((p) => (this.#time.offsetMs(p, hour * HOUR_MS) || 0) / HOUR_MS);
    const hours = [...new Set(ahead)];
    const at = ahead.map((offset) => hours.indexOf(offset));
    const before = this.#last;
    const same =
      before !== undefined && this.#firstOf.every((p, clock) => before.hours[before.of[p]!] === ahead[clock]);
    const offsets = same ? before : { hours, of: Uint8Array.from(this.#clockOf, (clock) => at[clock]!) };
    this.#last = offsets;
    this.#offsets.set(hour, offsets);
    return offsets;
  }
}
