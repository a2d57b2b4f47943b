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
  const place = places.places.at(id);
  if (place === null || (tags.length === 0 && band === 0)) return id;
  const { precision, country, accuracyKm } = place;
  if (!isAssumedAccuracy(accuracyKm, precision, country)) return id;
  const assumed = accuracyOf({ precision, country, tags, band });
  return assumed === accuracyKm ? id : places.id({ ...place, accuracyKm: assumed });
}
