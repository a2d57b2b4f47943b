import type { Adjacency } from "../spatial/spatialWeights.js";

/** The adjacency with each pair in both rows: border lists often tell a border on one side only. */
export function symmetricAdjacency(adjacency: Adjacency): number[][] {
  const rows = adjacency.map(() => new Set<number>());
  adjacency.forEach((neighbours, r) => {
    for (const q of neighbours) {
      if (q === r) continue;
      rows[r]!.add(q);
      rows[q]!.add(r);
    }
  });
  return rows.map((row) => [...row].sort((a, b) => a - b));
}
