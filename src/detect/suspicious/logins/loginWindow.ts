import type { Events } from "../../../core/events.js";
import { grown } from "../../../core/grown.js";

/** More log-ins than this in one window are counted with their address but not kept one by one. */
const MAX_LOGINS = 1_000_000;
const decoder = new TextDecoder();

/** The log-ins of one window, one by one, with the names tried. */
export class LoginWindow {
  /** Where the row of the address begins in the window of addresses. */
  source = new Uint32Array(256);
  timeMs = new Float64Array(256);
  userLow = new Uint32Array(256);
  userHigh = new Uint32Array(256);
  /** Number of the path among those of `LoginOutcomes`, status and size of the answer. */
  path = new Uint16Array(256);
  status = new Uint16Array(256);
  bytes = new Float64Array(256);
  /** `SUCCEEDED`, `FAILED` or `UNCLEAR`: filled in when the window is judged. */
  outcome = new Uint8Array(256);
  #nameStart = new Uint32Array(257);
  #names = new Uint8Array(4_096);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** @param named - whether the row's name stands for somebody */
  add(source: number, path: number, events: Events, row: number, named: boolean): void {
    if (this.#length >= MAX_LOGINS) return;
    if (this.#length === this.source.length) this.#grow();
    const i = this.#length++;
    this.source[i] = source;
    const { user } = events;
    this.timeMs[i] = events.timeMs[row]!;
    this.path[i] = path;
    this.status[i] = events.status[row]!;
    this.bytes[i] = events.bytes[row]!;
    this.userLow[i] = named ? user.low[row]! : 0;
    this.userHigh[i] = named ? user.high[row]! : 0;
    const from = user.starts[row]!;
    const size = named ? Math.min(256, user.ends[row]! - from) : 0;
    const at = this.#nameStart[i]!;
    if (at + size > this.#names.length) this.#names = grown(this.#names, 2 * (at + size));
    for (let k = 0; k < size; k++) this.#names[at + k] = user.bytes[from + k]!;
    this.#nameStart[i + 1] = at + size;
  }

  /** The name tried; the empty string where there was none. */
  name(i: number): string {
    return decoder.decode(this.#names.subarray(this.#nameStart[i]!, this.#nameStart[i + 1]!));
  }

  clear(): void {
    this.#length = 0;
  }

  #grow(): void {
    const capacity = 2 * this.source.length;
    this.source = grown(this.source, capacity);
    this.timeMs = grown(this.timeMs, capacity);
    this.userLow = grown(this.userLow, capacity);
    this.userHigh = grown(this.userHigh, capacity);
    this.path = grown(this.path, capacity);
    this.status = grown(this.status, capacity);
    this.bytes = grown(this.bytes, capacity);
    this.outcome = grown(this.outcome, capacity);
    this.#nameStart = grown(this.#nameStart, capacity + 1);
  }
}
