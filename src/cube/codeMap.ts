import type { Dictionary } from "../core/dictionary.js";
import { grown } from "../core/grown.js";

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

  /** The other dictionary's code of the value of `code`; a new one if it has none. */
  code(code: number): number {
    if (code >= this.#known.length) this.#known = grown(this.#known, Math.max(this.#from.size, code + 1));
    const known = this.#known[code]!;
    return known > 0 ? known - 1 : this.#learn(code);
  }

  #learn(code: number): number {
    const there = this.#to.code(this.#from.value(code));
    this.#known[code] = there + 1;
    return there;
  }
}
