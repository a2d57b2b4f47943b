import type { Cube } from "../cube/cube.js";
import { aggregate } from "./aggregate.js";
import { keySize, type PivotKey } from "./pivotKeys.js";

/** Keys and groups with nothing left that fewer than so many clients stand behind. */
export interface Floored {
  readonly keys: readonly PivotKey[];
  /** Positions in the selection that may be shown; null if all. */
  readonly shown: Uint32Array | null;
  /** Requests that are not shown at all. */
  readonly withheld: number;
}

/**
 * Merges rows with fewer than `minClients` distinct clients upward: their last key becomes "other", then the one before,
 * until enough clients stand behind every row. What is too small even as one row of "other" is withheld.
 *
 * Totals are to be taken over what is shown, so that no difference of two figures tells of fewer clients.
 */
export function applyFloor(cube: Cube, groups: Uint32Array, keys: readonly PivotKey[], minClients: number): Floored {
  const ranks = keys.map((key) => key.ranks.slice());
  const sizes = keys.map(keySize);
  for (let level = keys.length - 1; level >= 0; level--) {
    const small = smallRows(cube, groups, ranks, sizes, minClients);
    for (let k = 0; k < groups.length; k++) if (small[k]) ranks[level]![k] = keys[level]!.otherRank;
  }
  const small = smallRows(cube, groups, ranks, sizes, minClients);
  const shown = groups.map((_, k) => k).filter((k) => !small[k]);
  let withheld = 0;
  for (let k = 0; k < groups.length; k++) if (small[k]) withheld += cube.groups.count[groups[k]!]!;
  const floored = keys.map((key, i) => ({ ...key, ranks: ranks[i]! }));
  return { keys: floored, shown: withheld > 0 ? shown : null, withheld };
}

/** By position in the selection: 1 if its row has too few clients. */
function smallRows(
  cube: Cube,
  groups: Uint32Array,
  ranks: readonly Uint32Array[],
  sizes: readonly number[],
  minClients: number,
): Uint8Array {
  const rows = aggregate(cube, groups, ranks, sizes, ["clients"]);
  const keyOf = (columns: readonly Uint32Array[], i: number): string => columns.map((column) => column[i]!).join(",");
  const tooSmall = new Set<string>();
  const clients = rows.figure("clients");
  for (let row = 0; row < rows.length; row++) if (clients[row]! < minClients) tooSmall.add(keyOf(rows.keys, row));
  return Uint8Array.from(groups, (_, k) => (tooSmall.size > 0 && tooSmall.has(keyOf(ranks, k)) ? 1 : 0));
}
