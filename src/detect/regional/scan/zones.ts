import { chordKm, kmChord, unitVectors } from "../../../core/sphere.js";
import type { Sites } from "../series/trafficColumns.js";

/** A way to cut the world into zones that do not overlap; -1 where a site is in none. */
export interface Partition {
  readonly kind: string;
  readonly count: number;
  readonly zoneOf: Int32Array;
  /** Sites by zone, ascending: those of zone z are [starts[z], starts[z + 1]). */
  readonly starts: Uint32Array;
  readonly site: Uint32Array;
}

/** Every zone that the scan looks at: partitions, and circles around each site. */
export interface Zones {
  readonly partitions: readonly Partition[];
  readonly circles: Discs;
}

/** Neighbours of each site, itself first, by distance: those of site p are [starts[p], starts[p + 1]). */
export interface Discs {
  readonly starts: Uint32Array;
  readonly site: Uint32Array;
  readonly km: Float32Array;
  /** How many different circles there are, counting one a neighbour. */
  readonly count: number;
}

/** The largest circle that is called a region. */
export const MAX_RADIUS_KM = 700;
/** Neighbour lists hold at most about this many entries together, whatever the number of sites. */
const MAX_ENTRIES = 400_000;

/** How many neighbours a site has at the most, where there are so many sites. */
export function mostNeighbours(sites: number): number {
  return Math.max(32, Math.min(256, Math.floor(MAX_ENTRIES / Math.max(1, sites))));
}

/** The zones of the given sites. @param circles - those around them, where they are known */
export function zonesOf(sites: Sites, circles: Discs = discsOf(sites)): Zones {
  const { length, known = length } = sites;
  const partitions: Partition[] = [withMembers("world", 1, new Int32Array(length).fill(-1, known))];
  partitions.push(
    partition("country", sites.country),
    partition("region", sites.region),
    partition("city", sites.city),
  );
  for (const split of sites.splits) partitions.push(partition(split.name, split.codes));
  return { partitions: partitions.filter((p) => p.count > 0), circles };
}

function partition(kind: string, codes: Uint32Array): Partition {
  const dense = new Map<number, number>();
  const zoneOf = Int32Array.from(codes, (code) => {
    if (code === 0) return -1;
    const known = dense.get(code);
    if (known !== undefined) return known;
    dense.set(code, dense.size);
    return dense.size - 1;
  });
  return withMembers(kind, dense.size, zoneOf);
}

/** A partition by the zone of each site. */
export function withMembers(kind: string, count: number, zoneOf: Int32Array): Partition {
  const starts = new Uint32Array(count + 1);
  for (const z of zoneOf) if (z >= 0) starts[z + 1]!++;
  for (let z = 0; z < count; z++) starts[z + 1]! += starts[z]!;
  const next = starts.slice();
  const site = new Uint32Array(starts[count]!);
  zoneOf.forEach((z, p) => {
    if (z >= 0) site[next[z]!++] = p;
  });
  return { kind, count, zoneOf, starts, site };
}

/** Circles around each site, up to a radius. */
export function discsOf(sites: Pick<Sites, "lat" | "lon" | "length">): Discs {
  const n = sites.length;
  const limit = mostNeighbours(n);
  const starts = new Uint32Array(n + 1);
  const site: number[] = [];
  const km: number[] = [];
  const vectors = unitVectors(sites.lat, sites.lon);
  const chord = kmChord(MAX_RADIUS_KM);
  // Sites by their distance from the equator's plane: neighbours are near in it.
  const order = [...Array(n).keys()].filter((p) => !Number.isNaN(vectors[3 * p]!));
  order.sort((a, b) => vectors[3 * a + 2]! - vectors[3 * b + 2]! || a - b);
  const lists = new Map<number, [km: number, site: number][]>();
  for (let i = 0, low = 0; i < order.length; i++) {
    const p = order[i]!;
    const [x, y, z] = [vectors[3 * p]!, vectors[3 * p + 1]!, vectors[3 * p + 2]!];
    while (z - vectors[3 * order[low]! + 2]! > chord) low++;
    const near: [number, number][] = [];
    for (let j = low; j < order.length; j++) {
      const q = order[j]!;
      const dz = z - vectors[3 * q + 2]!;
      if (-dz > chord) break;
      const dx = x - vectors[3 * q]!;
      const dy = y - vectors[3 * q + 1]!;
      const d = Math.sqrt(dx * dx + dy * dy + dz * dz);
      if (d <= chord) near.push([q === p ? -1 : d, q]);
    }
    near.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    lists.set(p, near.slice(0, limit));
  }
  for (let p = 0; p < n; p++) {
    for (const [d, q] of lists.get(p) ?? []) {
      site.push(q);
      km.push(d < 0 ? 0 : chordKm(d));
    }
    starts[p + 1] = site.length;
  }
  return { starts, site: Uint32Array.from(site), km: Float32Array.from(km), count: Math.max(1, site.length) };
}
