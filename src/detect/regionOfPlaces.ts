import { SphericalCentroid } from "../core/sphere.js";
import { cellText } from "../grid/cellText.js";
import { countryName } from "../grid/countries.js";
import { latLngsToCellHalves } from "../grid/latLngsToCells.js";
import type { FindingRegion } from "./finding.js";

/** A place as a finding names it. Empty strings and NaN where something is not known. */
export interface LabelledPlace {
  readonly country: string;
  readonly region: string;
  readonly city: string;
  readonly lat: number;
  readonly lon: number;
  /** Its cell at the resolution asked for, where that is known already. */
  readonly cell?: string;
  /** Traffic; the centroid is weighted by it. */
  readonly weight: number;
}

export interface RegionOptions {
  /** H3 resolution of the cells; default 4. */
  readonly resolution?: number;
  /** The largest unit that the places stand for as a whole: whole countries, whole subdivisions, or (default) cities. */
  readonly level?: "country" | "subdivision" | "city";
}

/** The region that a set of places makes: its name, codes, cells and centroid. */
export function regionOfPlaces(places: readonly LabelledPlace[], options: RegionOptions = {}): FindingRegion {
  const { resolution = 4, level = "city" } = options;
  const countries = sorted(places.map((p) => p.country));
  const subdivisions = level === "country" ? [] : sorted(places.map((p) => p.region));
  const cities = level === "city" ? sorted(places.map((p) => p.city)) : [];
  return {
    name: regionName(countries, subdivisions, cities),
    countries,
    subdivisions: level === "subdivision" ? subdivisions : [],
    cities,
    cells: cellsOf(places, resolution),
    centroid: centroidOf(places),
  };
}

/** "Hanoi, Vietnam", "Hesse, Germany", "Germany", "12 cities in 3 countries". */
function regionName(countries: readonly string[], subdivisions: readonly string[], cities: readonly string[]): string {
  const within = countries.length === 1 ? countryName(countries[0]!) : `${countries.length} countries`;
  if (countries.length === 0) return "unlocated";
  const parts = cities.length > 0 ? cities : subdivisions;
  if (parts.length === 0) return countries.length <= 3 ? countries.map((c) => countryName(c)).join(", ") : within;
  if (parts.length === 1 && countries.length === 1) return `${parts[0]}, ${within}`;
  if (parts.length === 2 && countries.length === 1) return `${parts[0]} and ${parts[1]}, ${within}`;
  return `${parts.length} ${cities.length > 0 ? "cities" : "regions"} in ${within}`;
}

function cellsOf(all: readonly LabelledPlace[], resolution: number): string[] {
  const places = all.filter(({ cell }) => cell === undefined);
  const n = places.length;
  const known = all.flatMap(({ cell }) => cell ?? []);
  if (n === 0) return sorted(known);
  const low = new Uint32Array(n);
  const high = new Uint32Array(n);
  latLngsToCellHalves(
    places.map((p) => p.lat),
    places.map((p) => p.lon),
    resolution,
    low,
    high,
  );
  return sorted([...known, ...places.map((_, i) => cellText(low[i]!, high[i]!))]);
}

function centroidOf(places: readonly LabelledPlace[]): { lat: number; lon: number } | null {
  const centroid = new SphericalCentroid();
  for (const { lat, lon, weight } of places) centroid.add(lat, lon, weight);
  const point = centroid.point();
  return point && { lat: rounded(point.lat), lon: rounded(point.lon) };
}

const rounded = (degrees: number): number => Math.round(degrees * 1e4) / 1e4;
const sorted = (values: readonly string[]): string[] => [...new Set(values)].filter((v) => v !== "").sort();
