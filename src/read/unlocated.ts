import { NetworkTable } from "../core/networks.js";
import { PlaceTable } from "../core/places.js";
import type { ColumnLocator } from "./columns/eventColumns.js";

/** A locator without a database, for reading logs of which only what they say is wanted. */
export function unlocated(): ColumnLocator {
  return { places: new PlaceTable(), networks: new NetworkTable(), locateColumn() {} };
}
