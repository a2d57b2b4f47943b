import type { Random } from "../../core/random.js";
import { DAY_MS, HOUR_MS } from "../../core/time.js";
import { LocalTime } from "../../pivot/attributes/localTime.js";
import type { Community } from "../population.js";
import { rhythmAt } from "./rhythm.js";
import type { TextureSpec } from "./textureSpec.js";

interface Campaign {
  readonly country: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly factor: number;
}

/** Slow movements keep this much of themselves from an hour to the next. */
const PERSISTENCE = 0.8;

/** How much traffic there is at a place and time: rhythm, growth, campaigns, days off, and slow ups and downs. */
export class Calendar {
  readonly #texture: TextureSpec;
  readonly #startMs: number;
  readonly #communities: readonly Community[];
  readonly #clock: LocalTime;
  readonly #campaigns: readonly Campaign[];
  readonly #holidays = new Set<string>();
  readonly #unrest: Float64Array;
  readonly #random: Random;
  readonly #level: number;

  constructor(texture: TextureSpec, startMs: number, days: number, communities: readonly Community[], random: Random) {
    this.#texture = texture;
    this.#startMs = startMs;
    this.#communities = communities;
    this.#random = random;
    const column = { values: [""], value: () => "" };
    this.#clock = new LocalTime(
      {
        timeZones: column,
        timeZone: new Uint32Array(communities.length),
        lat: Float64Array.from(communities, (c) => c.lat),
        lon: Float64Array.from(communities, (c) => c.lon),
      },
      "local",
    );
    this.#unrest = Float64Array.from(communities, () => random.normal());
    const countries = [...new Set(communities.map((c) => c.country))];
    this.#campaigns = Array.from({ length: texture.campaigns }, () => {
      const from = startMs + (0.15 + 0.8 * random.next()) * days * DAY_MS;
      const endMs = from + (2 + 7 * random.next()) * HOUR_MS;
      return { country: random.pick(countries), startMs: from, endMs, factor: 1.5 + 4.5 * random.next() };
    });
    for (let i = 0; i < texture.holidays; i++)
      this.#holidays.add(`${random.pick(countries)} ${Math.floor(startMs / DAY_MS) + 2 + random.int(days - 2)}`);
    // About as much is asked for in the middle of the log as on average.
    this.#level = texture.growthPerWeek ** (-days / 14);
  }

  /** Moves the slow ups and downs on by an hour. */
  nextHour(): void {
    const fresh = Math.sqrt(1 - PERSISTENCE * PERSISTENCE);
    for (let i = 0; i < this.#unrest.length; i++)
      this.#unrest[i] = PERSISTENCE * this.#unrest[i]! + fresh * this.#random.normal();
  }

  /** Sessions at a time relative to the mean. */
  factorAt(city: number, timeMs: number): number {
    const { country } = this.#communities[city]!;
    const { rhythm, growthPerWeek, unrest } = this.#texture;
    const localMs = timeMs + (this.#clock.offsetMs(city, timeMs) || 0);
    const dayOff = this.#holidays.has(`${country} ${Math.floor(localMs / DAY_MS)}`);
    let factor = rhythmAt(rhythm, country, localMs, dayOff) * this.#level;
    factor *= growthPerWeek ** ((timeMs - this.#startMs) / (7 * DAY_MS));
    factor *= Math.exp(unrest * this.#unrest[city]! - (unrest * unrest) / 2);
    for (const c of this.#campaigns)
      if (c.country === country && timeMs >= c.startMs && timeMs < c.endMs) factor *= c.factor;
    return factor;
  }
}
