import { DAY_MS, HOUR_MS } from "../../../core/time.js";
import type { AttackSource } from "./stuffingAttack.js";
import { addFailure, newAttack, type StuffingAttack } from "./stuffingAttack.js";

/** Length of the span over which a slow attack has to show. */
const SPAN_MS = 6 * HOUR_MS;
/** Failures of names at places where their users were never seen, beyond what is usual. */
const MIN_EXCESS = 40;
const MIN_RATIO = 2;
const MIN_DEVIATIONS = 8;
const MIN_SOURCES = 10;
const MAX_KEPT = 200_000;
/** The origin of an attack that comes from everywhere. */
const EVERYWHERE = -1;

/** A failed log-in from a place where the user it names was never seen. */
export interface StrangeFailure {
  readonly timeMs: number;
  readonly source: Omit<AttackSource, "failures" | "successes" | "firstMs" | "lastMs">;
  readonly low: number;
  readonly high: number;
  readonly name: string;
}

/**
 * Finds attacks that are too slow for any address, city or country to stand out: one or two tries an address, over hours.
 *
 * People mistype their password where they live. Failures for users who were never seen at the place of the attempt are
 * rare in peace, so a modest number of them tells, however they are spread.
 */
export class SlowSprayWatch {
  readonly closed: StuffingAttack[] = [];
  #recent: StrangeFailure[] = [];
  #open: StuffingAttack | undefined;
  /** Failures and hours of the past, decayed over three days. */
  #usual = 0;
  #hours = 0;
  #hourFailures = 0;
  #hour = Number.NaN;

  attacks(): StuffingAttack[] {
    return this.#open === undefined ? [...this.closed] : [...this.closed, this.#open];
  }

  add(failure: StrangeFailure): void {
    this.#hourFailures++;
    if (this.#recent.length < MAX_KEPT) this.#recent.push(failure);
    if (this.#open !== undefined) {
      addFailure(this.#open, failure.source, failure.low, failure.high, failure.name, failure.timeMs);
    }
  }

  /** Ends an hour when one is over and judges the last six. */
  advance(timeMs: number): void {
    const hour = Math.floor(timeMs / HOUR_MS);
    if (hour === this.#hour) return;
    if (!Number.isNaN(this.#hour)) this.#endHour((this.#hour + 1) * HOUR_MS);
    this.#hour = hour;
  }

  #endHour(endMs: number): void {
    this.#recent = this.#recent.filter((f) => f.timeMs > endMs - SPAN_MS);
    const expected = this.#hours > 0 ? (this.#usual / this.#hours) * (SPAN_MS / HOUR_MS) : Number.NaN;
    const count = this.#recent.length;
    const excess = count - expected;
    const unusual =
      this.#hours >= 12 &&
      excess >= MIN_EXCESS &&
      count >= MIN_RATIO * expected &&
      excess / Math.sqrt(1 + expected + (expected / 3) ** 2) >= MIN_DEVIATIONS &&
      new Set(this.#recent.map((f) => f.source.key)).size >= MIN_SOURCES;
    if (unusual) this.#begin(endMs, expected);
    else {
      this.#end();
      const keep = Math.exp(-HOUR_MS / (3 * DAY_MS));
      this.#usual = this.#usual * keep + this.#hourFailures;
      this.#hours = this.#hours * keep + 1;
    }
    this.#hourFailures = 0;
  }

  #begin(endMs: number, expected: number): void {
    if (this.#open !== undefined) return;
    this.#open = newAttack(EVERYWHERE, 0, endMs);
    this.#open.expected = expected;
    for (const f of this.#recent) addFailure(this.#open, f.source, f.low, f.high, f.name, f.timeMs);
  }

  #end(): void {
    if (this.#open !== undefined && this.closed.length < 100) this.closed.push(this.#open);
    this.#open = undefined;
  }
}
