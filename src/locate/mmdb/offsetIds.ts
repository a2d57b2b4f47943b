import { hash32 } from "../../core/hash32.js";

/** Offsets asked for lately to remember, a power of two: few enough to stay in the fastest cache. */
const RECENT = 1 << 11;

/**
 * Ids by where a record begins in its file: open addressing, which beats a Map for millions of look-ups, behind a small
 * table of those asked for lately, since neighbouring networks share records. No `HashIndex`: there are no columns of keys.
 */
export class OffsetIds {
  #count = 0;
  #ofNothing: number | undefined;
  /** Offset and id alternately, by the last bits of the offset's hash. */
  readonly #recent = new Uint32Array(2 * RECENT);
  /** Offset and id alternately; offset 0 is a free slot. */
  #slots = new Uint32Array(2 * 4096);

  /** The id of an offset; undefined if it has none. */
  get(offset: number): number | undefined {
    if (offset === 0) return this.#ofNothing;
    const recent = this.#recent;
    const place = (2 * hash32(0, offset)) & (2 * RECENT - 1);
    if (recent[place] === offset) return recent[place + 1]!;
    const slots = this.#slots;
    const at = this.#find(offset);
    if (slots[at] === 0) return undefined;
    recent[place] = offset;
    return (recent[place + 1] = slots[at + 1]!);
  }

  /** Gives an offset, which has none, an id and returns it. */
  set(offset: number, id: number): number {
    if (offset === 0) return (this.#ofNothing = id);
    if (4 * ++this.#count > this.#slots.length) this.#rebuild();
    const at = this.#find(offset);
    this.#slots[at] = offset;
    return (this.#slots[at + 1] = id);
  }

  #find(offset: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let at = (2 * hash32(0, offset)) & mask;
    for (let probe = slots[at]!; probe !== 0 && probe !== offset; probe = slots[at]!) at = (at + 2) & mask;
    return at;
  }

  #rebuild(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(2 * old.length);
    for (let i = 0; i < old.length; i += 2) {
      if (old[i] === 0) continue;
      const at = this.#find(old[i]!);
      this.#slots[at] = old[i]!;
      this.#slots[at + 1] = old[i + 1]!;
    }
  }
}
