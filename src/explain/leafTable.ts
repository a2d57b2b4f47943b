import { explainError } from "./errors.js";

/** Leaves with their attribute values as dense codes: one row a leaf, one column an attribute. */
export interface LeafTable {
  readonly length: number;
  readonly names: readonly string[];
  /** Code of each leaf's value, an array an attribute; below the length of that attribute's `values`. */
  readonly codes: readonly Uint32Array[];
  readonly values: readonly (readonly string[])[];
  /** Number of each attribute's hierarchy; attributes that share none have one each. */
  readonly hierarchies: readonly number[];
}

/**
 * Dictionary-encodes columns of attribute values.
 *
 * @param hierarchies - names of attributes, coarse to fine, of which each value fixes those of the coarser ones
 *
 * Throws `no-attributes` and `length-mismatch`.
 */
export function leafTable(
  attributes: Readonly<Record<string, readonly string[]>>,
  length: number,
  hierarchies: readonly (readonly string[])[] = [],
): LeafTable {
  const names = Object.keys(attributes);
  if (names.length === 0) throw explainError("no-attributes", {});
  const encoded = names.map((name) => encode(name, attributes[name]!, length));
  const hierarchyOf = (name: string, at: number): number => {
    const found = hierarchies.findIndex((levels) => levels.includes(name));
    return found < 0 ? hierarchies.length + at : found;
  };
  return {
    length,
    names,
    hierarchies: names.map(hierarchyOf),
    codes: encoded.map((e) => e.codes),
    values: encoded.map((e) => e.values),
  };
}

function encode(name: string, column: readonly string[], length: number): { codes: Uint32Array; values: string[] } {
  if (column.length !== length)
    throw explainError("length-mismatch", { column: name, expected: length, actual: column.length });
  const codeOf = new Map<string, number>();
  const codes = new Uint32Array(length);
  let [last, code] = [column[0], 0];
  if (length > 0) codeOf.set(column[0]!, 0);
  for (let leaf = 0; leaf < length; leaf++) {
    const value = column[leaf]!;
    // Tables come sorted by their first columns more often than not.
    if (value !== last) {
      const known = codeOf.get(value);
      code = known ?? codeOf.size;
      if (known === undefined) codeOf.set(value, code);
      last = value;
    }
    codes[leaf] = code;
  }
  return { codes, values: [...codeOf.keys()] };
}
