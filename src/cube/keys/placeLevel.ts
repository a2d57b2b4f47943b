/** How closely places are told apart, from not at all to the cell: each level knows what those before it know. */
export type PlaceLevel = "world" | "country" | "region" | "city" | "cell";

/** Levels from the coarsest. */
export const PLACE_LEVELS: readonly PlaceLevel[] = ["world", "country", "region", "city", "cell"];

/** How much coarser places are to become. */
export interface Coarsening {
  /** Default "cell": as they are. */
  readonly level?: PlaceLevel;
  /** Resolution of the cells, no finer than now. */
  readonly resolution?: number;
}
