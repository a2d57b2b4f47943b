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
  /** What the clock showed when each source was heard last; undefined where nobody had said that yet. */
  readonly #heard = new Map<string, number | undefined>();
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
    this.hear(source);
    const known = this.#latest.get(source) ?? Number.NEGATIVE_INFINITY;
    if (known === Number.NEGATIVE_INFINITY && this.#latest.size >= MOST_SOURCES)
      this.#latest.delete(this.#latest.keys().next().value!);
    if (!Number.isFinite(this.#firstMs)) this.#firstMs = timeMs;
    if (timeMs > known) this.#latest.set(source, timeMs);
    if (timeMs > this.#frontierMs) this.#frontierMs = timeMs;
  }

  /** Notes that a source is there: as long as it brings something, it is behind, not silent. */
  hear(source: string): void {
    this.#heard.set(source, Number.isFinite(this.#advancedMs) ? this.#advancedMs : undefined);
  }

  /** Takes what the clock shows: silence goes on being silence, and does not stop time. A clock that steps back is ignored. */
  advance(nowMs: number): void {
    if (nowMs > this.#advancedMs) this.#advancedMs = nowMs;
    // From then on a source is silent: after a restart it has its time to come back, however long the monitor was down.
    for (const [source, heardMs] of this.#heard) if (heardMs === undefined) this.hear(source);
  }

  /** Up to when all events have come; -Infinity before the first. */
  get timeMs(): number {
    if (this.#frontierMs === Number.NEGATIVE_INFINITY) return Number.NEGATIVE_INFINITY;
    const { delayMs, idleMs } = this.#options;
    const present = this.presentMs;
    let slowest = present;
    let active = false;
    for (const [source, latestMs] of this.#latest) {
      if (this.#isSilent(source, latestMs)) continue;
      active = true;
      if (latestMs < slowest) slowest = latestMs;
    }
    // Where all are silent, time passes no faster than a source that is about to be idle would let it.
    return (active ? slowest : Math.max(this.#frontierMs, present - idleMs)) - delayMs;
  }

  /** Whether a source holds nothing back: it is far behind, or was never heard of while others were for long. */
  isIdle(source: string): boolean {
    return this.#isSilent(source, this.#latest.get(source) ?? this.#firstMs);
  }

  #isSilent(source: string, latestMs: number): boolean {
    const { idleMs } = this.#options;
    if (this.#frontierMs - latestMs > idleMs) return true;
    const heardMs = this.#heard.get(source);
    if (heardMs === undefined && this.#heard.has(source)) return false;
    return this.#advancedMs - Math.max(latestMs, heardMs ?? Number.NEGATIVE_INFINITY) > idleMs;
  }

  /** What {@link restore} takes. */
  save(): WatermarkState {
    return {
      sources: [...this.#latest],
      advancedMs: Number.isFinite(this.#advancedMs) ? this.#advancedMs : null,
    };
  }

  /**
   * Goes on where another was saved. What the clock showed is not taken over: sources must have had their time to come back.
   *
   * @param limitMs - no later than this have those come that `repeats`: they bring again what was lost
   */
  restore(
    { sources }: WatermarkState,
    limitMs = Number.POSITIVE_INFINITY,
    repeats: (source: string) => boolean = () => false,
  ): void {
    this.#latest.clear();
    this.#heard.clear();
    [this.#firstMs, this.#frontierMs, this.#advancedMs] = [
      Number.NaN,
      Number.NEGATIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ];
    for (const [name, latestMs] of sources) {
      this.see(name, repeats(name) ? Math.min(latestMs, limitMs) : latestMs);
      this.#heard.set(name, undefined);
    }
  }

  /** The sources that have been heard of. */
  get names(): readonly string[] {
    return [...this.#latest.keys()];
  }
}
