import { countryName } from "../../../grid/countries.js";
import type { LabelledPlace } from "../../regionOfPlaces.js";
import type { UserLocationTable } from "./userLocationTable.js";

/** A location as findings name places. */
export function labelOfSpot(locations: UserLocationTable, location: number, weight: number): LabelledPlace {
  const [country = "", region = "", city = ""] = locations.cities.value(locations.city[location]!).split("|");
  return { country, region, city, lat: locations.lat[location]!, lon: locations.lon[location]!, weight };
}

/** "Hanoi, Vietnam", "Bavaria, Germany", "Japan", "an unknown place". */
export function placeName(place: LabelledPlace): string {
  const country = place.country === "" ? "" : countryName(place.country);
  const inner = place.city || place.region;
  return [inner, country].filter((part) => part !== "").join(", ") || "an unknown place";
}

/** Sums weights by location, and labels each. */
export function labelSpots(
  locations: UserLocationTable,
  weighted: Iterable<readonly [location: number, weight: number]>,
): LabelledPlace[] {
  const sums = new Map<number, number>();
  for (const [location, weight] of weighted) if (location > 0) sums.set(location, (sums.get(location) ?? 0) + weight);
  return [...sums].map(([location, weight]) => labelOfSpot(locations, location, weight));
}
