import { Random } from "../../core/random.js";
import type { NeighbourOrder } from "./neighbourOrder.js";
import { type ZoneTree, ZoneTreeBuilder } from "./zoneTree.js";

/** How large zones may be. */
export interface ZoneLimits {
  /** The most weight (population, expectation) that a zone may hold. */
  readonly maxWeight: number;
  /** The most regions that a zone may have. */
  readonly maxRegions: number;
}

/** Circles around each region, growing by one region (or by all that are equally far) at a time. */
export function circularZones(
  orders: readonly NeighbourOrder[],
  weight: ArrayLike<number>,
  limits: ZoneLimits,
): ZoneTree {
  const builder = new ZoneTreeBuilder(regionKeys(orders.length));
  for (const { region, distance } of orders) {
    let parent = -1;
    let total = 0;
    let key: [number, number] = [0, 0];
    for (let k = 0; k < region.length && k < limits.maxRegions; k++) {
      total += weight[region[k]!]!;
      if (total > limits.maxWeight) break;
      key = builder.keyWith(key, region[k]!);
      const tied = k + 1 < region.length && distance[k + 1] === distance[k];
      parent = builder.add(parent, region[k]!, tied ? null : key);
    }
  }
  return builder.build(orders.length);
}

/** Two random words a region, by which sets of regions are told apart. */
export function regionKeys(regions: number): [number, number][] {
  const random = new Random(0x5ca1ab1e);
  return Array.from({ length: regions }, () => [random.uint32(), random.uint32()]);
}
