import { HOUR_MS } from "../../../core/time.js";

/** An address is known when a log-in of it went through so long ago. */
const KNOWN_AFTER_MS = HOUR_MS;
const MAX_SOURCES = 500_000;

/** Addresses that log in: homes, offices, gateways. What fails there is somebody's own password. */
export class KnownSources {
  readonly #firstMs = new Map<number, number>();

  /** Notes a log-in that went through. */
  add(key: number, timeMs: number): void {
    if (this.#firstMs.has(key)) return;
    if (this.#firstMs.size >= MAX_SOURCES) this.#firstMs.delete(this.#firstMs.keys().next().value!);
    this.#firstMs.set(key, timeMs);
  }

  has(key: number, timeMs: number): boolean {
    const first = this.#firstMs.get(key);
    return first !== undefined && first <= timeMs - KNOWN_AFTER_MS;
  }
}
