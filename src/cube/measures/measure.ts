import type { ClientCodes } from "../keys/clientCodes.js";
import type { EncodedEvents } from "../keys/encodedEvents.js";
import type { RowOrder } from "../segments/sortGroupBy.js";
import type { SavedSections, SavedState } from "./state/savedState.js";
import type { ColumnTypes, ListSchema } from "./state/stateSchema.js";

/** What the state of a measure refers to. */
export interface MeasureContext {
  readonly clients: ClientCodes;
  /** What each status means: bits of `statusFlags`. */
  readonly meaning: Uint8Array;
}

/** A number that can be read from a measure's state, for each of several sums of groups. */
export interface Figure<S> {
  /** What a sum of no groups has; null where there is nothing to tell. */
  readonly empty: 0 | null;
  /** The column whose sum it is. Without one, {@link Measure.read} reads it from the lists. */
  readonly sum?: (state: S) => ArrayLike<number>;
  /** Name of the figure that it is a part of: it is told as a share, with its 95% interval. */
  readonly trials?: string;
}

/**
 * One thing that a cube keeps of the requests of each group: the columns of its state, and all that is done with them.
 *
 * A state merges: `merge` of the states of two halves of some events equals `add` of all of them. The models are DataFusion's
 * `GroupsAccumulator` (`update_batch`, `merge_batch`, `evaluate`) and ClickHouse's `IAggregateFunction`.
 *
 * @typeParam S - the part of a segment that is the measure's own
 */
export interface Measure<S extends object = object> {
  /** The name by which a cube is asked to keep it, and by which a saved cube knows it. */
  readonly name: string;
  /** Columns with a row a group, under their names in a segment. */
  readonly columns: ColumnTypes;
  /** Lists, one a group. */
  readonly list?: ListSchema;
  /** The state of events, of which those of group g are rows order[starts[g], starts[g + 1]). */
  readonly add: (events: EncodedEvents, rows: RowOrder, context: MeasureContext) => S;
  /** The state of groups, of which g is the sum of groups order[starts[g], starts[g + 1]) of `state`. */
  readonly merge: (state: S, groups: RowOrder, context: Pick<MeasureContext, "clients">) => S;
  /** The figures that can be read, for messages; those that take a parameter by an example. */
  readonly figures: readonly string[];
  /** What a name means here; null if nothing. Throws if it means something, but with a bad parameter. */
  readonly figure: (name: string) => Figure<S> | null;
  /** Figures that are no sums of columns: one array a figure, one number a sum; NaN where there is none. */
  readonly read?: (
    state: S,
    sums: RowOrder,
    figures: readonly string[],
    context: Pick<MeasureContext, "clients">,
  ) => Float64Array[];
  /** Why a state that came from outside is none that `add` could have made; null if it may be one. */
  readonly check: (state: S, context: Pick<MeasureContext, "clients">) => string | null;
  readonly save: (state: S) => SavedSections;
  readonly load: (saved: SavedState) => S;
  readonly toArrow: (state: S, context: Pick<MeasureContext, "clients">) => readonly ArrowColumn[];
  readonly fromArrow: (table: ArrowRows, context: Pick<MeasureContext, "clients">) => S;
  /**
   * The same state computed by ClickHouse: an aggregate expression for each column of the state, or of its list's items, over
   * these columns of events: `time_ms`, `status`, `is_error` (by the cube's rule), `latency_ms` (Float32, NaN where unknown),
   * `bytes` (0 where unknown), `user`, `user_hash` (0 where there is none), `client` (IPv6), `place`, `network`, and `weight`.
   * Only engines read it, and refuse a measure without it.
   */
  readonly sql?: Readonly<Record<string, string>>;
  /** The column of events that the items of a group's list are told apart by, where {@link sql} aggregates a list's items. */
  readonly sqlItem?: string;
}

/** Any measure, whatever its state. */
// biome-ignore lint/suspicious/noExplicitAny: a list of measures has states of every kind, and none is looked into.
export type AnyMeasure = Measure<any>;

/** A column of an Arrow table with a row a group. */
export interface ArrowColumn {
  readonly name: string;
  readonly type: "uint16" | "uint32" | "uint64" | "float64" | "address" | "binary";
  /** Numbers, one a row or, with `start`, one an item of the rows' lists; 16 bytes an address. */
  readonly values: Uint8Array | Uint16Array | Uint32Array | Float64Array | BigUint64Array;
  /** Whether it is what figures are made of, and not one: left out where sketches are not wanted. */
  readonly isDetail?: boolean;
  /** Where each row's list begins, and where the last one ends; of `binary`, where each row's bytes do. */
  readonly start?: Uint32Array;
}

/** An Arrow table whose rows are groups. */
export interface ArrowRows {
  readonly length: number;
  readonly isWeighted: boolean;
  readonly has: (name: string) => boolean;
  /** A column of numbers. */
  readonly numbers: (name: string) => Float64Array;
  /** A column of lists. */
  readonly lists: (name: string) => readonly (readonly unknown[])[];
  /** A column of bytes; null where there are none. */
  readonly bytes: (name: string) => readonly (Uint8Array | null)[];
}
