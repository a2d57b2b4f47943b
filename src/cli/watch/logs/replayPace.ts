import { setTimeout as sleep } from "node:timers/promises";
import type { Events } from "../../../core/events.js";
import { copyRows } from "../../../monitor/intake/copyRows.js";

/** The longest pause in one piece: the clock of a replay is told as often. */
const STEP_MS = 200;

/** Plays the events of a log in their own time, so many times as fast. */
export class ReplayPace {
  readonly #speed: number;
  readonly #signal: AbortSignal;
  #firstMs: number | undefined;
  #startMs = 0;

  constructor(speed: number, signal: AbortSignal) {
    this.#speed = speed;
    this.#signal = signal;
  }

  /** What time it is in the log, epoch milliseconds. */
  get nowMs(): number {
    return this.#firstMs === undefined ? 0 : this.#firstMs + (performance.now() - this.#startMs) * this.#speed;
  }

  /**
   * The rows of a batch, each once its time has come.
   *
   * @param onTime - told what time it is while nothing happens
   */
  async *play(events: Events, onTime: (nowMs: number) => void): AsyncGenerator<Events> {
    const order = Uint32Array.from({ length: events.length }, (_, row) => row);
    order.sort((a, b) => events.timeMs[a]! - events.timeMs[b]!);
    if (this.#firstMs === undefined && order.length > 0) {
      this.#firstMs = events.timeMs[order[0]!]!;
      this.#startMs = performance.now();
    }
    for (let from = 0; from < order.length; ) {
      await this.#until(events.timeMs[order[from]!]!, onTime);
      if (this.#signal.aborted) return;
      const now = Math.max(this.nowMs, events.timeMs[order[from]!]!);
      let to = from + 1;
      while (to < order.length && events.timeMs[order[to]!]! <= now) to++;
      yield copyRows(events, order.subarray(from, to));
      from = to;
    }
  }

  async #until(timeMs: number, onTime: (nowMs: number) => void): Promise<void> {
    for (;;) {
      const waitMs = (timeMs - this.nowMs) / this.#speed;
      if (waitMs <= 0 || this.#signal.aborted) return;
      await sleep(Math.min(STEP_MS, waitMs), undefined, { signal: this.#signal }).catch(() => {});
      if (waitMs > STEP_MS) onTime(this.nowMs);
    }
  }
}
