import { PRECISIONS } from "../../core/places.js";
import type { LayerIndexes } from "../sources/layer.js";
import { accuracyOf, isAssumedAccuracy } from "./accuracy.js";

/**
 * The place of an id with the radius that its network gives reason to assume; the same id where a database told its
 * radius, or nothing changes it.
 *
 * @param tags - of the address's network
 * @param band - what `prefixBand` says of the block
 */
export function withAssumedAccuracy(
  { places }: Pick<LayerIndexes, "places">,
  id: number,
  tags: readonly string[],
  band = 0,
): number {
  const table = places.places;
  if (id <= 0 || id >= table.length || (tags.length === 0 && band === 0)) return id;
  // Column by column: most places of a large database come by here, and their names are not looked at.
  const precision = PRECISIONS[table.precision[id]!]!;
  const country = table.countries.value(table.country[id]!);
  const accuracyKm = table.accuracyKm[id]!;
  if (!isAssumedAccuracy(accuracyKm, precision, country)) return id;
  const assumed = accuracyOf({ precision, country, tags, band });
  return assumed === accuracyKm ? id : places.withAccuracy(id, assumed);
}
