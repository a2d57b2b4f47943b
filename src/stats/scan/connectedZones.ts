import { regionKeys, type ZoneLimits } from "./circularZones.js";
import type { NeighbourOrder } from "./neighbourOrder.js";
import { type ZoneTree, ZoneTreeBuilder } from "./zoneTree.js";

/**
 * Every connected set of regions among each region's nearest neighbours that holds the region (Tango and Takahashi
 * 2005), each once. Their number grows exponentially with `maxRegions`: 10 to 12 is practical, beyond 15 hardly.
 *
 * @param orders - of the regions that clusters may grow from
 * @param adjacency - neighbours of each region
 */
export function connectedZones(
  orders: readonly NeighbourOrder[],
  adjacency: readonly (readonly number[])[],
  weight: ArrayLike<number>,
  limits: ZoneLimits,
): ZoneTree {
  const builder = new ZoneTreeBuilder(regionKeys(adjacency.length));
  for (const { region } of orders) {
    const near = new Set(region.subarray(0, limits.maxRegions));
    grow(builder, near, adjacency, weight, limits.maxWeight, region[0]!);
  }
  return builder.build(adjacency.length);
}

interface Growing {
  readonly zone: number;
  readonly key: [number, number];
  readonly weight: number;
  readonly members: readonly number[];
}

function grow(
  builder: ZoneTreeBuilder,
  near: ReadonlySet<number>,
  adjacency: readonly (readonly number[])[],
  weight: ArrayLike<number>,
  maxWeight: number,
  centre: number,
): void {
  if (weight[centre]! > maxWeight) return;
  const first = builder.keyWith([0, 0], centre);
  const start = builder.add(-1, centre, first);
  const visited = new Set([first.join()]);
  let front: Growing[] = [{ zone: start, key: first, weight: weight[centre]!, members: [centre] }];
  while (front.length > 0) {
    const next: Growing[] = [];
    for (const zone of front) {
      for (const region of borderOf(zone.members, near, adjacency)) {
        const key = builder.keyWith(zone.key, region);
        const total = zone.weight + weight[region]!;
        if (total > maxWeight || visited.has(key.join())) continue;
        visited.add(key.join());
        next.push({
          zone: builder.add(zone.zone, region, key),
          key,
          weight: total,
          members: [...zone.members, region],
        });
      }
    }
    front = next;
  }
}

function borderOf(
  members: readonly number[],
  near: ReadonlySet<number>,
  adjacency: readonly (readonly number[])[],
): Set<number> {
  const border = new Set<number>();
  for (const m of members) for (const r of adjacency[m]!) if (near.has(r)) border.add(r);
  for (const m of members) border.delete(m);
  return border;
}
