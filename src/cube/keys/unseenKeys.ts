import { BLOCK_ROWS } from "./timeBlocks.js";

/** Dense integers that events have: place ids, codes of a dictionary. */
export type Keys = Uint32Array | Uint16Array;

/**
 * The keys that have no number yet, each once, in the order in which they occur; they are marked with a 1.
 *
 * @param numberOf - number + 1 by key, 0 where there is none
 */
export function unseenKeys(keys: Keys, length: number, numberOf: Uint32Array): number[] {
  const unseen: number[] = [];
  // Where there are few, as places of a country database, all of them are soon known.
  const unknown = numberOf.length < length ? countZeros(numberOf) : numberOf.length;
  for (let from = 0; from < length && unseen.length < unknown; from += BLOCK_ROWS) {
    const to = Math.min(length, from + BLOCK_ROWS);
    if (!allSeen(keys, from, to, numberOf)) addUnseen(keys, from, to, numberOf, unseen);
  }
  return unseen;
}

function countZeros(values: Uint32Array): number {
  let zeros = 0;
  for (let i = 0; i < values.length; i++) if (values[i] === 0) zeros++;
  return zeros;
}

function allSeen(keys: Keys, from: number, to: number, numberOf: Uint32Array): boolean {
  let numbers = 0;
  // A number less 1 is negative only where there is none.
  for (let i = from; i < to; i++) numbers |= ((numberOf[keys[i]! | 0]! | 0) - 1) | 0;
  return numbers >= 0;
}

function addUnseen(keys: Keys, from: number, to: number, numberOf: Uint32Array, unseen: number[]): void {
  for (let i = from; i < to; i++) {
    const key = keys[i]! | 0;
    if (numberOf[key] !== 0) continue;
    numberOf[key] = 1;
    unseen.push(key);
  }
}
