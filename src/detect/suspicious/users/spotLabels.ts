import { countryName } from "../../../grid/countries.js";
import type { LabelledPlace } from "../../regionOfPlaces.js";
import type { SpotTable } from "./spotTable.js";

/** A spot as findings name places. */
export function labelOfSpot(spots: SpotTable, spot: number, weight: number): LabelledPlace {
  const [country = "", region = "", city = ""] = spots.cities.value(spots.city[spot]!).split("|");
  return { country, region, city, lat: spots.lat[spot]!, lon: spots.lon[spot]!, weight };
}

/** "Hanoi, Vietnam", "Bavaria, Germany", "Japan", "an unknown place". */
export function placeName(place: LabelledPlace): string {
  const country = place.country === "" ? "" : countryName(place.country);
  const inner = place.city || place.region;
  return [inner, country].filter((part) => part !== "").join(", ") || "an unknown place";
}

/** Sums weights by spot, and labels each. */
export function labelSpots(
  spots: SpotTable,
  weighted: Iterable<readonly [spot: number, weight: number]>,
): LabelledPlace[] {
  const sums = new Map<number, number>();
  for (const [spot, weight] of weighted) if (spot > 0) sums.set(spot, (sums.get(spot) ?? 0) + weight);
  return [...sums].map(([spot, weight]) => labelOfSpot(spots, spot, weight));
}
