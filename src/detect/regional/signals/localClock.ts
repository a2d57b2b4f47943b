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
  readonly #sites: number;
  readonly #offsets = new Map<number, Offsets>();

  constructor({ length, lat, lon }: Sites) {
    this.#sites = length;
    this.#time = new LocalTime(
      { timeZones: { value: () => "" }, timeZone: new Uint32Array(length), lat, lon },
      "local",
    );
  }

  /** Hours that each site's clock is ahead of UTC at a time. */
  offsets(timeMs: number): Offsets {
    const hour = Math.floor(timeMs / HOUR_MS);
    const kept = this.#offsets.get(hour);
    if (kept !== undefined) return kept;
    if (this.#offsets.size >= KEPT) this.#offsets.clear();
    const hours: number[] = [];
    const of = new Uint8Array(this.#sites);
    for (let p = 0; p < this.#sites; p++) {
      const ahead = (this.#time.offsetMs(p, hour * HOUR_MS) || 0) / HOUR_MS;
      let at = hours.indexOf(ahead);
      if (at < 0) at = hours.push(ahead) - 1;
      of[p] = at;
    }
    const offsets = { hours, of };
    this.#offsets.set(hour, offsets);
    return offsets;
  }
}
