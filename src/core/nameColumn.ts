import { hashHigh, hashLow } from "./hash.js";
import { checkArgument } from "./options/checkOptions.js";
import { having } from "./options/shapes.js";

/**
 * Names (of users, mostly) as 64-bit hashes, with their text kept once a row in a shared block of bytes.
 *
 * Distinct names are counted and compared by hash; the text is decoded only for the few rows that a finding quotes.
 */
export interface NameColumn {
  readonly length: number;
  /** Halves of the hash of the name's UTF-8 bytes (`core/hash.ts`); both 0 where the row has no name. */
  readonly low: Uint32Array;
  readonly high: Uint32Array;
  /** UTF-8 of all names; row i's lies at [starts[i], ends[i]). Rows may share or overlap. */
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

const NAMES = having("a column of names: events.user", "starts", "ends", "bytes");

/**
 * The name of a row; the empty string where it has none.
 *
 * @example
 * ```ts
 * nameText(events.user, row); // "ann"
 * ```
 */
export function nameText(column: NameColumn, row: number): string {
  if (column?.starts === undefined) checkArgument("nameText", "the column", column, NAMES);
  return decoder.decode(column.bytes.subarray(column.starts[row]!, column.ends[row]!));
}

/** A column of the given names, the empty string and `undefined` standing for "none". */
export function nameColumn(names: readonly (string | undefined)[]): NameColumn {
  const encoded = names.map((name) => encoder.encode(name ?? ""));
  const bytes = new Uint8Array(encoded.reduce((total, one) => total + one.length, 0));
  const column = {
    length: names.length,
    low: new Uint32Array(names.length),
    high: new Uint32Array(names.length),
    bytes,
    starts: new Uint32Array(names.length),
    ends: new Uint32Array(names.length),
  };
  let at = 0;
  encoded.forEach((one, row) => {
    bytes.set(one, at);
    column.starts[row] = at;
    column.ends[row] = at + one.length;
    if (one.length > 0) {
      column.low[row] = hashLow(one, 0, one.length);
      column.high[row] = hashHigh(one, 0, one.length);
    }
    at += one.length;
  });
  return column;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();
