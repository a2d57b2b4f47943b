import type { LeafTable } from "./leafTable.js";

/** Every conjunction of values of some attributes that occurs: the GROUP BY of those attributes. */
export interface Cuboid {
  /** Positions of the attributes, ascending; none for the one slice that holds every leaf. */
  readonly attributes: readonly number[];
  /** Number of slices. */
  readonly size: number;
  /** Slice of each leaf, in [0, size). */
  readonly sliceOf: Uint32Array;
  /** One leaf of each slice. */
  readonly leafOf: Uint32Array;
}

/** At most so many cuboids are searched: what fits in some 200 MB for 100,000 leaves. */
const MAX_CUBOIDS = 512;
/** A table of so many keys is filled directly; more keys go through a hash map. */
const DIRECT_KEYS = 1 << 22;

/**
 * The cuboids of up to `maxAttributes` attributes, by number of attributes: a lattice, each built from the one without
 * its last attribute. Of a hierarchy at most one level is in it: a city fixes its country. The depth ends where the next layer would pass {@link MAX_CUBOIDS}.
 */
export function cuboidsOf(table: LeafTable, maxAttributes: number): Cuboid[] {
  const mayJoin = (cuboid: Cuboid, attribute: number): boolean =>
    cuboid.attributes.every((other) => table.hierarchies[other]! !== table.hierarchies[attribute]!);
  const all: Cuboid[] = [
    { attributes: [], size: 1, sliceOf: new Uint32Array(table.length), leafOf: new Uint32Array(1) },
  ];
  let layer = [...all];
  for (let depth = 1; depth <= maxAttributes; depth++) {
    const next = layer.flatMap((cuboid) =>
      table.names.flatMap((_, attribute) =>
        attribute > (cuboid.attributes.at(-1) ?? -1) && mayJoin(cuboid, attribute) ? [{ cuboid, attribute }] : [],
      ),
    );
    if (all.length + next.length > MAX_CUBOIDS) break;
    layer = next.map(({ cuboid, attribute }) => withAttribute(cuboid, attribute, table));
    all.push(...layer);
  }
  return all;
}

/** Splits each slice of a cuboid by one more attribute. */
function withAttribute(parent: Cuboid, attribute: number, table: LeafTable): Cuboid {
  const codes = table.codes[attribute]!;
  const width = table.values[attribute]!.length;
  const idOf = denseIds(parent.size * width);
  const sliceOf = new Uint32Array(table.length);
  const leafOf: number[] = [];
  for (let leaf = 0; leaf < table.length; leaf++) {
    const id = idOf(parent.sliceOf[leaf]! * width + codes[leaf]!, leafOf.length);
    if (id === leafOf.length) leafOf.push(leaf);
    sliceOf[leaf] = id;
  }
  return {
    attributes: [...parent.attributes, attribute],
    size: leafOf.length,
    sliceOf,
    leafOf: Uint32Array.from(leafOf),
  };
}

/** Gives each key the id it had before, or the next one. */
function denseIds(keys: number): (key: number, next: number) => number {
  if (keys <= DIRECT_KEYS) {
    const ids = new Uint32Array(keys);
    return (key, next) => {
      if (ids[key] === 0) ids[key] = next + 1;
      return ids[key]! - 1;
    };
  }
  const ids = new Map<number, number>();
  return (key, next) => {
    const known = ids.get(key);
    if (known !== undefined) return known;
    ids.set(key, next);
    return next;
  };
}
