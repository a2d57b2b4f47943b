import type { Partition } from "./zones.js";

/** The zones of all partitions, numbered through, so that one pass over the sites sums them all. */
export interface ZoneTable {
  /** Number of partitions. */
  readonly width: number;
  /** Zones of each site, a row a site, a column a partition. */
  readonly zone: Uint32Array;
  /** Number of the first zone of each partition. */
  readonly starts: readonly number[];
  /** Numbers in use: the last stands for "in no zone". */
  readonly length: number;
}

/** Numbers the zones of some partitions of the same sites. */
export function zoneTable(partitions: readonly Partition[]): ZoneTable {
  const width = partitions.length;
  const starts: number[] = [];
  let none = 0;
  for (const { count } of partitions) {
    starts.push(none);
    none += count;
  }
  const zone = new Uint32Array(width * (partitions[0]?.zoneOf.length ?? 0)).fill(none);
  partitions.forEach(({ zoneOf }, k) => {
    for (let p = 0; p < zoneOf.length; p++) if (zoneOf[p]! >= 0) zone[p * width + k] = starts[k]! + zoneOf[p]!;
  });
  return { width, zone, starts, length: none + 1 };
}
