/**
 * Zones to scan, each one region larger than another: zone z is zone `parent[z]` and region `region[z]`, so that the sums
 * of all zones take one addition each. Parents come before their children.
 */
export interface ZoneTree {
  /** Number of regions. */
  readonly regions: number;
  /** The zone that a zone extends, or -1. */
  readonly parent: Int32Array;
  /** The region that it adds. */
  readonly region: Uint32Array;
  /** {@link JUDGED} zones are to be judged; {@link REPEATED} ones have been, from another centre; 0 is a step on the way. */
  readonly judged: Uint8Array;
  /** What the ratio of each zone is multiplied by; default 1. */
  readonly factor?: Float64Array;
}

export const JUDGED = 1;
export const REPEATED = 2;

/** The region that each zone began with: its centre. */
export function zoneCentres({ parent, region }: ZoneTree): Uint32Array {
  const centre = new Uint32Array(parent.length);
  for (let z = 0; z < parent.length; z++) centre[z] = parent[z]! < 0 ? region[z]! : centre[parent[z]!]!;
  return centre;
}

/** The regions of a zone, in the order in which it takes them in. */
export function zoneRegions(tree: ZoneTree, zone: number): number[] {
  const regions: number[] = [];
  for (let z = zone; z >= 0; z = tree.parent[z]!) regions.push(tree.region[z]!);
  return regions.reverse();
}

/** Builds a tree; keeps sets of regions from being judged twice. */
export class ZoneTreeBuilder {
  readonly #parent: number[] = [];
  readonly #region: number[] = [];
  readonly #judged: number[] = [];
  readonly #seen = new Set<number>();
  readonly #keys: readonly [number, number][];

  /** @param keys - two random 32-bit words a region: a set is known by the sums of its regions' words */
  constructor(keys: readonly [number, number][]) {
    this.#keys = keys;
  }

  get length(): number {
    return this.#parent.length;
  }

  /** Adds a zone and returns its number. `key` is the sum of its regions' words, see {@link keyWith}. */
  add(parent: number, region: number, key: readonly [number, number] | null): number {
    const set = key === null ? -1 : setNumber(key);
    const fresh = key !== null && !this.#seen.has(set);
    if (fresh) this.#seen.add(set);
    this.#judged.push(key === null ? 0 : fresh ? JUDGED : REPEATED);
    this.#region.push(region);
    return this.#parent.push(parent) - 1;
  }

  /** Whether a set of this key was added before. */
  has(key: readonly [number, number]): boolean {
    return this.#seen.has(setNumber(key));
  }

  /** The key of a set with one more region. */
  keyWith(key: readonly [number, number], region: number): [number, number] {
    const [low, high] = this.#keys[region]!;
    return [(key[0] + low) >>> 0, (key[1] + high) >>> 0];
  }

  /** @param factor - what the ratio of each zone is multiplied by; default 1 */
  build(regions: number, factor?: Float64Array): ZoneTree {
    return {
      ...(factor === undefined ? {} : { factor }),
      regions,
      parent: Int32Array.from(this.#parent),
      region: Uint32Array.from(this.#region),
      judged: Uint8Array.from(this.#judged),
    };
  }
}

/** 53 bits of a set's key, as many as a number holds: two of ten million sets are alike once in 200 such scans. */
const setNumber = ([low, high]: readonly [number, number]): number => (high & 0x1fffff) * 4_294_967_296 + low;
