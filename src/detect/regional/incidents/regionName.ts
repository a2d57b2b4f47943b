import { SphericalCentroid } from "../../../core/sphere.js";
import type { Cube } from "../../../cube/cube.js";
import { cellText } from "../../../grid/cellText.js";
import { countryName } from "../../../grid/countries.js";
import type { FindingRegion } from "../../finding.js";
import type { ChosenZone } from "../scan/posteriorZone.js";
import type { CubeSites } from "../series/cubeSites.js";

/** Says in words, codes and cells where a zone is. `weight` is each site's traffic. */
export function regionOf(
  cube: Cube,
  { sites, placesOf }: CubeSites,
  zone: ChosenZone,
  weight: Float64Array,
): FindingRegion {
  const { places } = cube;
  const distinct = (names: Iterable<string>): string[] => [...new Set(names)].filter((n) => n !== "").sort();
  const members = zone.sites;
  const cells = new Set<string>();
  for (const s of members) {
    for (const p of placesOf(s))
      if (places.cellLow[p] !== 0 || places.cellHigh[p] !== 0)
        cells.add(cellText(places.cellLow[p]!, places.cellHigh[p]!));
  }
  const whole = zone.kind === "country" || zone.kind === "world";
  return {
    name: nameOf(sites, zone, weight),
    countries: distinct(members.map((s) => sites.countries[sites.country[s]!]!)),
    subdivisions: whole ? [] : distinct(members.map((s) => sites.regions[sites.region[s]!]!.name)),
    cities: whole || zone.kind === "region" ? [] : distinct(members.map((s) => sites.cities[sites.city[s]!]!.name)),
    cells: [...cells].sort(),
    centroid: centroidOf(sites, members, weight),
  };
}

function nameOf(sites: CubeSites["sites"], zone: ChosenZone, weight: Float64Array): string {
  const first = zone.sites[0] ?? 0;
  const country = countryName(sites.countries[sites.country[first]!] ?? "") || "an unknown country";
  if (zone.kind === "world") return "the whole world";
  if (zone.kind === "country") return country;
  const region = sites.regions[sites.region[first]!]!.name;
  if (zone.kind === "region") return region === "" ? country : `${region}, ${country}`;
  if (zone.kind === "circle" && zone.sites.length > 1) return discName(sites, zone, weight);
  if (zone.kind === "connected" && zone.sites.length > 1) return chainName(sites, zone);
  const split = sites.splits.find((s) => s.name === zone.kind);
  if (split !== undefined) return `${split.name} ${split.values[split.codes[first]!]}`;
  const parts = [sites.cities[sites.city[first]!]!.name, region, country];
  return parts.filter((part, i) => part !== "" && part !== parts[i + 1]).join(", ");
}

/** A circle is named after its busiest city; one that takes in a single city, or a country's only sites, by that. */
function discName(sites: CubeSites["sites"], zone: ChosenZone, weight: Float64Array): string {
  const cities = new Set(zone.sites.map((s) => sites.city[s]!));
  const busiest = zone.sites.reduce((a, b) => (weight[b]! > weight[a]! ? b : a));
  const city = sites.cities[sites.city[busiest]!]!;
  const named = [city.name, countryName(city.country)].filter((part) => part !== "").join(", ");
  if (cities.size === 1) return named;
  return `${Math.max(10, Math.ceil(zone.radiusKm / 10) * 10)} km around ${named || "an unnamed place"}`;
}

/** "Basel, Freiburg and Strasbourg"; more than three are counted. */
function chainName(sites: CubeSites["sites"], zone: ChosenZone): string {
  const cities = [...new Set(zone.sites.map((s) => sites.cities[sites.city[s]!]!.name))].filter((c) => c !== "").sort();
  const countries = [...new Set(zone.sites.map((s) => countryName(sites.countries[sites.country[s]!] ?? "")))];
  const within = countries.length === 1 && countries[0] !== "" ? countries[0]! : `${countries.length} countries`;
  if (cities.length < 2) return cities.length === 1 ? `${cities[0]}, ${within}` : within;
  if (cities.length > 3) return `${cities.length} cities in ${within}`;
  return `${cities.slice(0, -1).join(", ")} and ${cities.at(-1)}, ${within}`;
}

function centroidOf(
  sites: CubeSites["sites"],
  members: readonly number[],
  weight: Float64Array,
): FindingRegion["centroid"] {
  const centroid = new SphericalCentroid();
  for (const s of members) centroid.add(sites.lat[s]!, sites.lon[s]!, weight[s]! + 1e-9);
  const point = centroid.point();
  const round = (degrees: number): number => Math.round(degrees * 1e4) / 1e4;
  return point && { lat: round(point.lat), lon: round(point.lon) };
}
