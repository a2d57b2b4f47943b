import type { Dictionary } from "../../core/dictionary.js";
import { grown } from "../../core/grown.js";

/** The codes of one dictionary as codes of another: a text is read and looked for once, however often its code comes. */
export class CodeMap {
  readonly #from: Dictionary;
  readonly #to: Dictionary;
  /** By code, the code there + 1; 0 where it is not known yet. */
  #known: Uint32Array;

  constructor(from: Dictionary, to: Dictionary) {
    this.#from = from;
    this.#to = to;
    this.#known = new Uint32Array(from.size);
  }

  /** Replaces codes by the other dictionary's codes of their values, new ones where there are none. */
  map(codes: Uint32Array): Uint32Array {
    if (this.#from.size > this.#known.length) this.#known = grown(this.#known, this.#from.size);
    const known = this.#known;
    for (let i = 0; i < codes.length; i++) {
      const there = known[codes[i]!]!;
      codes[i] = there > 0 ? there - 1 : this.#learn(codes[i]!);
    }
    return codes;
  }

  #learn(code: number): number {
    const there = this.#to.code(this.#from.value(code));
    this.#known[code] = there + 1;
    return there;
  }
}
