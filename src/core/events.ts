import type { AddressColumn } from "./addressColumn.js";
import type { Dictionary } from "./dictionary.js";
import type { NameColumn } from "./nameColumn.js";
import type { NetworkTable } from "./networks.js";
import type { PlaceTable } from "./places.js";

/** A column of dictionary codes; code 0 is "absent". */
export interface CodeColumn {
  readonly codes: Uint32Array;
  /** Shared by all batches of one reader, so that codes mean the same in each. */
  readonly dictionary: Dictionary;
}

/**
 * Requests as columns: row i of every column is the same request. All columns have `length` rows.
 *
 * What a source does not tell is absent, never invented: NaN in `latencyMs` and `bytes`, 0 in `status` and in codes,
 * place 0 where the address has no known place, network 0 where it has no known network.
 */
export interface Events {
  readonly length: number;
  /** Epoch milliseconds UTC. Rows need not be in time order. */
  readonly timeMs: Float64Array;
  readonly client: AddressColumn;
  /** Rows of `places`; 0 is unlocated. */
  readonly place: Uint32Array;
  /** Rows of `networks`; 0 is unknown. */
  readonly network: Uint32Array;
  /** HTTP status code; 0 is absent. */
  readonly status: Uint16Array;
  /** Milliseconds from request to response; NaN is absent. */
  readonly latencyMs: Float32Array;
  /** Response size in bytes; NaN is absent. */
  readonly bytes: Float64Array;
  /**
   * How many requests a row stands for, where rows are sampled or counted: 10 for one in ten. Absent if every row is one
   * request; 0 for a row that stands for none.
   */
  readonly weight?: Float64Array | undefined;
  readonly user: NameColumn;
  /** Everything else by name: `service`, `method`, `path`, `version`, `pop` and whatever the source has. */
  readonly dimensions: ReadonlyMap<string, CodeColumn>;
  readonly places: PlaceTable;
  readonly networks: NetworkTable;
}
