import { Dictionary } from "../../core/dictionary.js";
import type { CodeColumn, Events } from "../../core/events.js";
import { OTHER_VALUES } from "../../core/otherValues.js";

/** Values of a dimension that are kept apart, over months: those met later are "(other)". */
const MOST_VALUES = 100_000;

/** One dictionary a dimension for all sources, so that batches of different readers can stand behind one another. */
export class DimensionCodes {
  readonly dictionaries = new Map<string, Dictionary>();
  readonly #known = new WeakMap<Dictionary, Map<string, Uint32Array>>();

  /** @param names - the dimensions that are kept */
  constructor(names: Iterable<string>) {
    for (const name of names) this.dictionaries.set(name, new Dictionary());
  }

  /** The columns of a batch in these dictionaries; dimensions that are not kept are left out, those it lacks are absent. */
  of(events: Events): Map<string, CodeColumn> {
    const columns = new Map<string, CodeColumn>();
    for (const [name, dictionary] of this.dictionaries) {
      const column = events.dimensions.get(name);
      if (column === undefined) continue;
      const codes = this.#codes(name, column.dictionary, dictionary);
      columns.set(name, { codes: column.codes.map((code) => codes[code]!), dictionary });
    }
    return columns;
  }

  #codes(name: string, from: Dictionary, to: Dictionary): Uint32Array {
    const byName = this.#known.get(from) ?? new Map<string, Uint32Array>();
    this.#known.set(from, byName);
    const known = byName.get(name) ?? new Uint32Array(0);
    if (known.length === from.size) return known;
    const codes = new Uint32Array(from.size);
    codes.set(known);
    for (let code = known.length; code < codes.length; code++) codes[code] = codeIn(to, from.value(code));
    byName.set(name, codes);
    return codes;
  }
}

function codeIn(dictionary: Dictionary, value: string): number {
  const known = dictionary.find(value);
  if (known >= 0) return known;
  return dictionary.code(dictionary.size >= MOST_VALUES ? OTHER_VALUES : value);
}
