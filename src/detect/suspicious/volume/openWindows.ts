import { DAY_MS } from "../../../core/time.js";
import { LoginWindow } from "../logins/loginWindow.js";
import { AddressWindow } from "./addressWindow.js";

/** A time further ahead of the stream than this does not move the windows on, unless others follow. */
const MAX_AHEAD_MS = DAY_MS;
/** … and further than this it is a broken clock. */
const NEVER_MS = 31 * DAY_MS;
/** So many rows in a row from the future are a gap in the log and no broken clock. */
const ROWS_TO_BELIEVE = 5;

/** One window of time: what addresses did, and the log-ins one by one. */
export interface TimeWindow {
  readonly addresses: AddressWindow;
  readonly logins: LoginWindow;
}

/**
 * The two windows that are open at a time: the newest, and the one before it for rows that come late.
 *
 * A window is judged when a row of the next but one arrives.
 */
export class OpenWindows {
  readonly windowMs: number;
  readonly #windows: readonly [TimeWindow, TimeWindow];
  readonly #judge: (window: TimeWindow) => void;
  #current = Number.NaN;
  #strays = 0;
  /** End of the newest window, epoch milliseconds; NaN before the first row. */
  endMs = Number.NaN;
  /** Rows too far behind the stream to be counted, and rows whose time cannot be true. */
  late = 0;
  stray = 0;

  constructor(windowMs: number, maxAddresses: number, judge: (window: TimeWindow) => void) {
    this.windowMs = windowMs;
    const open = (): TimeWindow => ({ addresses: new AddressWindow(maxAddresses), logins: new LoginWindow() });
    this.#windows = [open(), open()];
    this.#judge = judge;
  }

  /** Whether a row's time can be true; moves the windows on where it is ahead. */
  accepts(timeMs: number): boolean {
    if (timeMs < this.endMs) {
      this.#strays = 0;
      return timeMs >= 0;
    }
    if (!(timeMs >= 0)) return this.#refuse();
    if (timeMs > this.endMs + MAX_AHEAD_MS && ++this.#strays < ROWS_TO_BELIEVE) {
      return timeMs <= this.endMs + NEVER_MS || this.#refuse();
    }
    this.#strays = 0;
    this.#advance(Math.floor(timeMs / this.windowMs));
    return true;
  }

  /** The open window of an accepted time; undefined where it is over already. */
  at(timeMs: number): TimeWindow | undefined {
    const startMs = this.endMs - this.windowMs;
    if (timeMs >= this.endMs) return undefined; // far ahead, and not believed yet
    if (timeMs >= startMs) return this.#windows[this.#current & 1];
    if (timeMs >= startMs - this.windowMs) return this.#windows[(this.#current + 1) & 1];
    this.late++;
    return undefined;
  }

  /** Judges both windows: no more rows will come. */
  finish(): void {
    if (!Number.isNaN(this.#current)) this.#advance(this.#current + 2);
  }

  #refuse(): boolean {
    this.stray++;
    return false;
  }

  #advance(number: number): void {
    const from = Number.isNaN(this.#current) ? number - 2 : this.#current;
    for (let next = Math.max(from + 1, number - 1); next <= number; next++) this.#reuse(next, number - from > 2);
    this.#current = number;
    this.endMs = (number + 1) * this.windowMs;
  }

  /** Judges the older window and opens another in its place; over a gap both are old. */
  #reuse(number: number, gap: boolean): void {
    const order = [...this.#windows].sort((a, b) => a.addresses.number - b.addresses.number);
    const due = gap ? order : [this.#windows[number & 1]!];
    for (const window of due) {
      if (window.addresses.number < 0 || window.addresses.number >= number - 1) continue;
      this.#judge(window);
      window.addresses.clear(-1);
      window.logins.clear();
    }
    this.#windows[number & 1]!.addresses.clear(number);
  }
}
