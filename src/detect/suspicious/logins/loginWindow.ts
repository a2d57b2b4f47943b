import { grown } from "../../../core/grown.js";
import type { NameColumn } from "../../../core/nameColumn.js";

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
  failed = new Uint8Array(256);
  #nameStart = new Uint32Array(257);
  #names = new Uint8Array(4_096);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(source: number, timeMs: number, failed: boolean, user: NameColumn, row: number): void {
    if (this.#length >= MAX_LOGINS) return;
    if (this.#length === this.source.length) this.#grow();
    const i = this.#length++;
    this.source[i] = source;
    this.timeMs[i] = timeMs;
    this.failed[i] = failed ? 1 : 0;
    this.userLow[i] = user.low[row]!;
    this.userHigh[i] = user.high[row]!;
    const from = user.starts[row]!;
    const size = Math.min(256, user.ends[row]! - from);
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
    this.failed = grown(this.failed, capacity);
    this.#nameStart = grown(this.#nameStart, capacity + 1);
  }
}
