import type { FindingRegion } from "../../detect/finding.js";
import { continentName, countries, countryCode } from "../../grid/countries.js";
import { foldName } from "../../grid/foldName.js";
import { subdivision, subdivisionCode } from "../../grid/subdivisions.js";

/** A part of the world as a policy names it. */
export interface Area {
  readonly world: boolean;
  /** Alpha-2 of whole countries. */
  readonly countries: ReadonlySet<string>;
  /** `DE-HE`, or `DE/hesse` where ISO has no such name. */
  readonly subdivisions: ReadonlySet<string>;
  /** `DE/berlin`. */
  readonly cities: ReadonlySet<string>;
}

/**
 * Understands a name of a region: `world`, a country, a continent or UN region, `DE-HE`, "Hesse, Germany", "Berlin,
 * Germany". A name with a country behind it is a subdivision and a city at once: both are meant where both exist. null where
 * it is none of these.
 */
export function readArea(name: string): Area | null {
  if (foldName(name) === "world") return area({ world: true });
  const code = countryCode(name);
  if (code !== null) return area({ countries: [code] });
  const coded = subdivision(name.trim());
  if (coded !== undefined) return area({ subdivisions: [coded.code] });
  const held = COUNTRIES_OF.get(foldName(name));
  if (held !== undefined) return area({ countries: held });
  const comma = name.lastIndexOf(",");
  const within = comma < 1 ? null : countryCode(name.slice(comma + 1));
  if (within === null) return null;
  const part = name.slice(0, comma).trim();
  return area({ subdivisions: [subdivisionKey(within, part)], cities: [cityKey(within, part)] });
}

/** Several areas as one. */
export function joinAreas(areas: readonly Area[]): Area {
  return area({
    world: areas.some((a) => a.world),
    countries: areas.flatMap((a) => [...a.countries]),
    subdivisions: areas.flatMap((a) => [...a.subdivisions]),
    cities: areas.flatMap((a) => [...a.cities]),
  });
}

/** Whether all of a finding's region lies in an area. What is not located lies in the world alone. */
export function areaContains(outer: Area, region: FindingRegion): boolean {
  if (outer.world) return true;
  const { countries: codes, subdivisions, cities } = region;
  if (codes.length === 0) return false;
  const partly = codes.filter((code) => !outer.countries.has(code));
  if (partly.length === 0) return true;
  const inside = (names: readonly string[], has: (code: string, name: string) => boolean): boolean =>
    names.length > 0 && names.every((name) => codes.some((code) => outer.countries.has(code) || has(code, name)));
  const covered =
    inside(subdivisions, (code, name) => outer.subdivisions.has(subdivisionKey(code, name))) ||
    inside(cities, (code, name) => outer.cities.has(cityKey(code, name)));
  // A country of which the area has no part at all is outside, whatever its cities are called.
  return covered && partly.every((code) => hasPartOf(outer, code));
}

/** Whether a part of a finding's region lies in an area. */
export function areaTouches(outer: Area, region: FindingRegion): boolean {
  if (outer.world) return true;
  const { countries: codes, subdivisions, cities } = region;
  if (codes.some((code) => outer.countries.has(code))) return true;
  return codes.some((code) => {
    if (subdivisions.length === 0 && cities.length === 0) return hasPartOf(outer, code);
    return (
      subdivisions.some((name) => outer.subdivisions.has(subdivisionKey(code, name))) ||
      cities.some((name) => outer.cities.has(cityKey(code, name)))
    );
  });
}

/** Codes of the countries of each continent and UN region, by its folded name. */
const COUNTRIES_OF: ReadonlyMap<string, readonly string[]> = wideAreas();

function wideAreas(): Map<string, string[]> {
  const areas = new Map<string, string[]>();
  const keys = new Map<string, string>();
  const keyOf = (name: string): string => {
    const key = keys.get(name) ?? foldName(name);
    keys.set(name, key);
    return key;
  };
  for (const { alpha2, continent, unRegion, unSubregion } of countries())
    for (const key of new Set([continentName(continent), unRegion, unSubregion].filter(Boolean).map(keyOf)))
      areas.set(key, [...(areas.get(key) ?? []), alpha2]);
  return areas;
}

interface AreaParts {
  readonly world?: boolean;
  readonly countries?: readonly string[];
  readonly subdivisions?: readonly string[];
  readonly cities?: readonly string[];
}

function area({ world = false, countries: codes = [], subdivisions = [], cities = [] }: AreaParts): Area {
  return { world, countries: new Set(codes), subdivisions: new Set(subdivisions), cities: new Set(cities) };
}

function hasPartOf({ subdivisions, cities }: Area, code: string): boolean {
  return [...subdivisions, ...cities].some((key) => key.startsWith(`${code}-`) || key.startsWith(`${code}/`));
}

const subdivisionKey = (code: string, name: string): string => subdivisionCode(code, name) ?? cityKey(code, name);
const cityKey = (code: string, name: string): string => `${code}/${foldName(name)}`;
