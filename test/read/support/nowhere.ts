import { NetworkTable } from "../../../src/core/networks.js";
import { PlaceTable } from "../../../src/core/places.js";
import type { ColumnLocator } from "../../../src/read/columns/eventColumns.js";

/** A locator with an empty database: no address has a place. */
export function nowhere(): ColumnLocator {
  return {
    places: new PlaceTable(),
    networks: new NetworkTable(),
    locateColumn({ length }, placeIds, networkIds) {
      placeIds.fill(0, 0, length);
      networkIds.fill(0, 0, length);
    },
  };
}
