import type { Cube } from "../cube.js";

/** Groups of a cube by names that one of its dimensions has. */
export interface GroupsByName {
  /** Index of the dimension. */
  readonly dimension: number;
  /** By group: 1 and up in the order of the names; 0 is none of them. */
  readonly numbers: Uint32Array;
}

/**
 * Which of some names each group has, whatever their case: in the dimension asked for, or in the one that has most of the
 * names. Null where there is no such dimension.
 */
export function groupsByName(cube: Cube, names: readonly string[], asked?: string): GroupsByName | null {
  const exact = new Map(names.map((name, i) => [name, i + 1]));
  const folded = new Map(names.map((name, i) => [name.toLowerCase(), i + 1]));
  const numberOf = (value: string): number => exact.get(value) ?? folded.get(value.toLowerCase()) ?? 0;
  const numbers = cube.dimensions.map(({ dictionary }) =>
    Uint32Array.from({ length: dictionary.size }, (_, code) => numberOf(dictionary.value(code))),
  );
  const known = numbers.map((ofCode) => new Set(ofCode).size - (ofCode.includes(0) ? 1 : 0));
  const dimension =
    asked === undefined
      ? known.indexOf(Math.max(1, ...known))
      : cube.dimensions.findIndex(({ name }) => name === asked);
  if (dimension < 0) return null;
  const ofCode = numbers[dimension]!;
  return { dimension, numbers: Uint32Array.from(cube.segment.codes[dimension]!, (code) => ofCode[code]!) };
}
