import { HOUR_MS } from "../../../core/time.js";
import { LocalTime } from "../../../pivot/attributes/localTime.js";
import type { Sites } from "../series/trafficColumns.js";

/** So many hours' offsets are kept. */
const KEPT = 64;

/** What the clocks of sites show: by the time zone of their coordinates, summer time included; UTC where they have none. */
export class LocalClock {
  readonly #time: LocalTime;
  readonly #sites: number;
  readonly #offsets = new Map<number, Float64Array>();

  constructor({ length, lat, lon }: Sites) {
    this.#sites = length;
    this.#time = new LocalTime(
      { timeZones: { value: () => "" }, timeZone: new Uint32Array(length), lat, lon },
      "local",
    );
  }

  /** Hours that each site's clock is ahead of UTC at a time. */
  offsetHours(timeMs: number): Float64Array {
    const hour = Math.floor(timeMs / HOUR_MS);
    const kept = this.#offsets.get(hour);
    if (kept !== undefined) return kept;
    if (this.#offsets.size >= KEPT) this.#offsets.clear();
    const offsets = new Float64Array(this.#sites);
    for (let p = 0; p < this.#sites; p++) offsets[p] = (this.#time.offsetMs(p, hour * HOUR_MS) || 0) / HOUR_MS;
    this.#offsets.set(hour, offsets);
    return offsets;
  }
}
