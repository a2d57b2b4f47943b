import { nameColumn } from "../../../core/nameColumn.js";
import { DAY_MS } from "../../../core/time.js";

/** What systems write where there is no user. Each counts as it is, in lower and upper case, and with a capital. */
const NAMES_OF_NOBODY = [
  ...["anonymous", "anon", "anonymoususer", "anonymous user", "(anonymous)", "guest", "visitor", "public", "nobody"],
  ...["null", "(null)", "<null>", "nil", "none", "(none)", "undefined", "nan", "n/a", "na", "unknown", "(unknown)"],
  ...["0", "-1", "-", "--", "?", "not set", "(not set)", "not logged in", "logged out", "unauthenticated"],
  ...["anonymousUser", "AnonymousUser", "Anonymous User", "NaN", "(Not Set)", "00000000-0000-0000-0000-000000000000"],
];
/** A name used from so many addresses within a day is nobody's. */
const MANY_ADDRESSES = 100;
const LOG_BITS = 11;
const BITS = 1 << LOG_BITS;
const MAX_WATCHED = 20_000;

interface Watched {
  day: number;
  set: number;
  readonly bits: Uint32Array;
}

/** A name that stands for nobody. */
export interface NobodyName {
  readonly name: string;
  requests: number;
  readonly startMs: number;
  endMs: number;
  /** Whether it was told by its addresses rather than by the word. */
  readonly learned: boolean;
}

/** Tells names that stand for nobody: by the word, or because they are used from hundreds of addresses. */
export class NobodyNames {
  readonly found = new Map<number, NobodyName>();
  readonly #keys = new Set<number>();
  /** One bit for each value of the lower half's last bits that a key has: most names are passed over by one read. */
  readonly #filter = new Uint8Array(1 << 16);
  readonly #watched = new Map<number, Watched>();

  constructor() {
    const forms = new Set(NAMES_OF_NOBODY.flatMap((n) => [n, n.toUpperCase(), n[0]!.toUpperCase() + n.slice(1)]));
    const { length, low, high } = nameColumn([...forms]);
    for (let i = 0; i < length; i++) this.#add(low[i]!, high[i]!);
  }

  /** Whether a name stands for nobody. */
  has(low: number, high: number): boolean {
    return this.#filter[low & 0xffff] === 1 && this.#keys.has(keyOf(low, high));
  }

  /** Counts a request that a name of nobody was given with. */
  count(low: number, high: number, name: () => string, timeMs: number): void {
    const known = this.found.get(keyOf(low, high));
    if (known === undefined)
      this.found.set(keyOf(low, high), { name: name(), requests: 1, startMs: timeMs, endMs: timeMs, learned: false });
    else {
      known.requests++;
      known.endMs = Math.max(known.endMs, timeMs);
    }
  }

  /** Takes an address of a name that is seen at many places; learns whether it is anybody's. */
  watch(low: number, high: number, address: number, timeMs: number, name: () => string): void {
    const key = keyOf(low, high);
    let watched = this.#watched.get(key);
    const day = Math.floor(timeMs / DAY_MS);
    if (watched === undefined) {
      if (this.#watched.size >= MAX_WATCHED) this.#watched.delete(this.#watched.keys().next().value!);
      this.#watched.set(key, (watched = { day, set: 0, bits: new Uint32Array(BITS / 32) }));
    }
    if (day > watched.day) {
      watched.bits.fill(0);
      [watched.day, watched.set] = [day, 0];
    }
    const bit = Math.imul(address, 0x9e3779b1) >>> (32 - LOG_BITS); // the upper bits are the well-mixed ones
    if ((watched.bits[bit >>> 5]! & (1 << (bit & 31))) !== 0) return;
    watched.bits[bit >>> 5]! |= 1 << (bit & 31);
    watched.set++;
    if (-BITS * Math.log(1 - watched.set / BITS) < MANY_ADDRESSES) return;
    this.#add(low, high);
    this.#watched.delete(key);
    this.found.set(key, { name: name(), requests: 1, startMs: timeMs, endMs: timeMs, learned: true });
  }

  #add(low: number, high: number): void {
    this.#keys.add(keyOf(low, high));
    this.#filter[low & 0xffff] = 1;
  }
}

/** 53 bits of a name's 64-bit hash. */
const keyOf = (low: number, high: number): number => high * 2_097_152 + (low >>> 11);
