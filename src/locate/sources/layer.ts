import type { LocationRecordTable } from "../places/locationRecordTable.js";
import type { NetworkIndex } from "../places/networkIndex.js";
import type { PlaceIndex } from "../places/placeIndex.js";
import type { Ranges4 } from "../ranges/ranges4.js";
import type { Ranges6 } from "../ranges/ranges6.js";
import type { PackedRuns } from "../tables/packedRuns.js";
import type { PackedTrie } from "../tables/packedTrie.js";

/** One source of places and networks as ranges of pair ids over both address spaces. */
export interface Layer {
  readonly ranges4: Ranges4;
  readonly ranges6: Ranges6;
  /** Whether a database says anything about addresses of the family. */
  readonly covers4: boolean;
  readonly covers6: boolean;
}

/** A layer as a saved table holds it: all that is left to do is to spread it over an index. */
export interface PackedLayer {
  readonly runs4: PackedRuns;
  readonly trie6: PackedTrie;
  readonly covers4: boolean;
  readonly covers6: boolean;
  /** The pair id here of a pair there. */
  readonly pairOf: (pair: number) => number;
}

/** What a layer's places, networks and pairs are found in. */
export interface LayerIndexes {
  readonly places: PlaceIndex;
  readonly networks: NetworkIndex;
  readonly pairs: LocationRecordTable;
}
