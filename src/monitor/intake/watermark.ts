/** How far time has come at each source. */
export interface WatermarkOptions {
  /** How late an event may come, in milliseconds of event time. */
  readonly delayMs: number;
  /** A source that lies so far behind the others holds nothing back, in milliseconds. */
  readonly idleMs: number;
}

/** What is kept of a watermark when the monitor is saved. */
export interface WatermarkState {
  readonly sources: readonly (readonly [name: string, latestMs: number])[];
  readonly advancedMs: number | null;
}

/** Sources that are told apart; the one heard of longest ago is forgotten beyond. */
const MOST_SOURCES = 10_000;

/**
 * Tells up to when all events have come: the latest time of the slowest source that is not idle, less the delay that is
 * allowed. Rests on event times, and on the clock where the caller tells what it shows.
 */
export class Watermark {
  readonly #options: WatermarkOptions;
  readonly #latest = new Map<string, number>();
  #firstMs = Number.NaN;
  #frontierMs = Number.NEGATIVE_INFINITY;
  #advancedMs = Number.NEGATIVE_INFINITY;

  constructor(options: WatermarkOptions) {
    this.#options = options;
  }

  /** The latest event time of all; -Infinity before the first. */
  get frontierMs(): number {
    return this.#frontierMs;
  }

  /** The latest event time, or what the clock showed last if that is later; -Infinity before the first of either. */
  get presentMs(): number {
    return Math.max(this.#frontierMs, this.#advancedMs);
  }

  /** How many sources have been heard of. */
  get sources(): number {
    return this.#latest.size;
  }

  /** Takes the latest time of some events of a source. */
  see(source: string, timeMs: number): void {
    const known = this.#latest.get(source) ?? Number.NEGATIVE_INFINITY;
    if (known === Number.NEGATIVE_INFINITY && this.#latest.size >= MOST_SOURCES)
      this.#latest.delete(this.#latest.keys().next().value!);
    if (!Number.isFinite(this.#firstMs)) this.#firstMs = timeMs;
    if (timeMs > known) this.#latest.set(source, timeMs);
    if (timeMs > this.#frontierMs) this.#frontierMs = timeMs;
  }

  /** Takes what the clock shows: silence goes on being silence, and does not stop time. A clock that steps back is ignored. */
  advance(nowMs: number): void {
    if (nowMs > this.#advancedMs) this.#advancedMs = nowMs;
  }

  /** Up to when all events have come; -Infinity before the first. */
  get timeMs(): number {
    if (this.#frontierMs === Number.NEGATIVE_INFINITY) return Number.NEGATIVE_INFINITY;
    const { delayMs, idleMs } = this.#options;
    const present = this.presentMs;
    let slowest = present;
    let active = false;
    for (const latestMs of this.#latest.values()) {
      if (present - latestMs > idleMs) continue;
      active = true;
      if (latestMs < slowest) slowest = latestMs;
    }
    // Where all are silent, time passes no faster than a source that is about to be idle would let it.
    return (active ? slowest : Math.max(this.#frontierMs, present - idleMs)) - delayMs;
  }

  /** Whether a source holds nothing back: it is far behind, or was never heard of while others were for long. */
  isIdle(source: string): boolean {
    const latestMs = this.#latest.get(source) ?? this.#firstMs;
    return this.presentMs - latestMs > this.#options.idleMs;
  }

  /** What {@link restore} takes. */
  save(): WatermarkState {
    return {
      sources: [...this.#latest],
      advancedMs: Number.isFinite(this.#advancedMs) ? this.#advancedMs : null,
    };
  }

  restore({ sources, advancedMs }: WatermarkState): void {
    for (const [name, latestMs] of sources) this.see(name, latestMs);
    if (advancedMs !== null) this.advance(advancedMs);
  }
}
