/** How many items the lists of the given groups hold together. */
export function listedItems(start: Uint32Array, groups: Uint32Array): number {
  let total = 0;
  for (let k = 0; k < groups.length; k++) total += start[groups[k]! + 1]! - start[groups[k]!]!;
  return total;
}
