import { type NetworkColumns, NetworkTable } from "../../core/networks.js";
import { type PlaceColumns, PlaceTable } from "../../core/places.js";
import type { CompiledTable } from "./compiledTable.js";

/**
 * A locator as columns in shared memory, to be posted to worker threads: nothing is copied on the way.
 *
 * It is a snapshot: a later reload of the locator that shared it does not reach it, but ids stay the same.
 */
export interface LocatorShare {
  readonly table: CompiledTable;
  readonly places: PlaceColumns;
  readonly networks: NetworkColumns;
  readonly attributions: readonly string[];
  readonly warnings: readonly string[];
}

/** The tables that a share holds, for as long as its place and network ids are asked about. */
export function tablesOf(share: LocatorShare): { places: PlaceTable; networks: NetworkTable } {
  return { places: new PlaceTable(share.places), networks: new NetworkTable(share.networks) };
}
