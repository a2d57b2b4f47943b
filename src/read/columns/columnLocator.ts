import type { AddressColumn } from "../../core/addressColumn.js";
import type { NetworkTable } from "../../core/networks.js";
import type { PlaceTable } from "../../core/places.js";

/** What reading needs of a locator: ids for a whole column of addresses. */
export interface ColumnLocator {
  readonly places: PlaceTable;
  readonly networks: NetworkTable;
  /** Writes the ids of every row, 0 where there is none. */
  locateColumn(column: AddressColumn, placeIds: Uint32Array, networkIds: Uint32Array): void;
}
