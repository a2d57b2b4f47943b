import { Dictionary } from "../../core/dictionary.js";
import type { Events } from "../../core/events.js";
import { OTHER_VALUES } from "../../core/otherValues.js";
import { cubeError } from "../errors.js";
import { dimensionSource } from "./dimensionSource.js";

/**
 * One dimension of a cube: turns what a batch has under its name into the cube's own codes, and keeps runaway
 * cardinality within its limit.
 */
export class CubeDimension {
  readonly name: string;
  readonly dictionary: Dictionary;
  /** Whether some values count as {@link OTHER_VALUES}, because there were too many for the cube or for who read them. */
  overflowed = false;
  readonly #limit: number;
  readonly #overflow: "other" | "error";
  /** The code here + 1 of each code of a dictionary (or row of a network table) met before. */
  readonly #known = new WeakMap<object, Uint32Array>();

  constructor(name: string, limit: number, overflow: "other" | "error", dictionary = new Dictionary()) {
    this.name = name;
    this.#limit = limit;
    this.#overflow = overflow;
    this.dictionary = dictionary;
  }

  /** The code of a value; that of {@link OTHER_VALUES} if there is no room for it. Throws `too-many-values` if that is not wanted. */
  code(value: string): number {
    const known = this.dictionary.find(value);
    if (known >= 0) return known;
    if (value !== OTHER_VALUES && this.#apart() < this.#limit) return this.dictionary.code(value);
    if (this.#overflow === "error" && value !== OTHER_VALUES)
      throw cubeError("too-many-values", { dimension: this.name, limit: this.#limit });
    this.overflowed = true;
    return this.dictionary.code(OTHER_VALUES);
  }

  /** Writes the code of each event's value. */
  codesInto(events: Events, codes: Uint32Array): void {
    const source = dimensionSource(this.name, events);
    if (source === null) {
      codes.fill(0);
      return;
    }
    const { keys, owner, size } = source;
    const known = this.#knownOf(owner, size);
    for (let i = 0; i < codes.length; i++) {
      const key = keys[i]!;
      let mine = known[key]!;
      if (mine === 0) {
        mine = this.code(source.text(key)) + 1;
        known[key] = mine;
      }
      codes[i] = mine - 1;
    }
  }

  /** How many values are kept apart. */
  #apart(): number {
    return this.dictionary.size - 1 - (this.dictionary.find(OTHER_VALUES) >= 0 ? 1 : 0);
  }

  #knownOf(owner: object, size: number): Uint32Array {
    const known = this.#known.get(owner);
    if (known && known.length >= size) return known;
    const wider = new Uint32Array(Math.max(size, 2 * (known?.length ?? 0)));
    if (known) wider.set(known);
    this.#known.set(owner, wider);
    return wider;
  }
}
