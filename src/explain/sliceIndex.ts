import type { Cuboid } from "./cuboids.js";

/** The leaves of slices, by a counting sort of each cuboid that is asked for. */
export class SliceIndex {
  readonly #orders = new Map<Cuboid, { readonly start: Uint32Array; readonly leaves: Uint32Array }>();

  /** Ascending leaves of a slice, those that causes hold as well. */
  leavesOf(cuboid: Cuboid, slice: number): Uint32Array {
    let order = this.#orders.get(cuboid);
    if (order === undefined) this.#orders.set(cuboid, (order = orderOf(cuboid)));
    return order.leaves.subarray(order.start[slice]!, order.start[slice + 1]!);
  }
}

function orderOf({ leaves, sliceOf, leafOf }: Cuboid): { start: Uint32Array; leaves: Uint32Array } {
  const start = new Uint32Array(leafOf.length + 1);
  for (const slice of sliceOf) start[slice + 1]!++;
  for (let slice = 0; slice < leafOf.length; slice++) start[slice + 1]! += start[slice]!;
  const next = start.slice();
  const ordered = new Uint32Array(leaves.length);
  for (let i = 0; i < leaves.length; i++) ordered[next[sliceOf[i]!]!++] = leaves[i]!;
  return { start, leaves: ordered };
}
