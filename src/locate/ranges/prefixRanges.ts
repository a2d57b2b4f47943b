import type { Prefix } from "../address/parseNetwork.js";
import { type Ranges4, Ranges4Builder } from "./ranges4.js";
import { type Ranges6, Ranges6Builder } from "./ranges6.js";

/** A prefix and the id of its addresses. */
export interface PrefixId {
  readonly prefix: Prefix;
  readonly id: number;
}

/** Ranges of both families in which the longest prefix wins, of equal ones the last; 0 where there is none. */
export function prefixRanges(prefixes: readonly PrefixId[]): { ranges4: Ranges4; ranges6: Ranges6 } {
  const ranges4 = new Ranges4Builder();
  const ranges6 = new Ranges6Builder();
  sweep(prefixes, 4, (start, id) => ranges4.push(Number(start), id));
  sweep(prefixes, 6, (start, id) => {
    const word = (shift: bigint): number => Number((start >> shift) & 0xffffffffn);
    ranges6.push(word(96n), word(64n), word(32n), word(0n), id);
  });
  return { ranges4: ranges4.ranges(), ranges6: ranges6.ranges() };
}

/** Tells, in ascending order, from which address on which id holds. Starts may repeat: the last push of one counts. */
function sweep(prefixes: readonly PrefixId[], family: 4 | 6, push: (start: bigint, id: number) => void): void {
  const sorted = prefixes.filter(({ prefix }) => prefix.family === family);
  // Outer before inner; the sort is stable, so of equal prefixes the last given is the innermost.
  sorted.sort((a, b) => compare(a.prefix.first, b.prefix.first) || compare(b.prefix.last, a.prefix.last));
  const end = family === 4 ? 1n << 32n : 1n << 128n;
  const open: PrefixId[] = [];
  let from = 0n;
  const emit = (until: bigint): void => {
    if (until > from) push(from, open.at(-1)?.id ?? 0);
    if (until > from) from = until;
  };
  for (const one of sorted) {
    while (open.length > 0 && open.at(-1)!.prefix.last < one.prefix.first) {
      emit(open.at(-1)!.prefix.last + 1n);
      open.pop();
    }
    emit(one.prefix.first);
    open.push(one);
  }
  while (open.length > 0) {
    emit(open.at(-1)!.prefix.last + 1n);
    open.pop();
  }
  emit(end);
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);
