import { simplify } from "@turf/simplify";
import { union } from "@turf/union";
import type { Feature, MultiPolygon, Polygon } from "geojson";
import { countryName } from "../countries.js";
import { EARTH_RADIUS_KM } from "../distance.js";
import { gridError } from "../errors.js";
import { greatCircleEdges } from "../greatCircleEdges.js";
import { cellsToGeoJson } from "../outlines/cellsToGeoJson.js";
import { type Position, type Ring, ringsToMultiPolygon } from "../outlines/ringsToMultiPolygon.js";
import { atlasCountries } from "./atlasCountries.js";
import type { Circle } from "./circleIndex.js";
import type { CountryAtlas } from "./countryAtlas.js";
import type { GroupMember, ReadMember } from "./groupMember.js";
import { orientedPolygon } from "./orientedPolygon.js";
import { flattenGroup, type GroupDefinitions } from "./regionGroups.js";

/** What of a finding's region is drawn: its cells, without them its countries. */
export interface FoundRegion {
  readonly cells: readonly string[];
  readonly countries: readonly string[];
}

/** A name of `groups`, a member of a group, a list of members, a finding or its region. */
export type DrawnRegion = GroupMember | readonly GroupMember[] | FoundRegion | { readonly region: FoundRegion };

export interface RegionToGeoJsonOptions {
  /** The user's own regions, by name. */
  readonly groups?: GroupDefinitions;
  /** How far, in km, the outline may stray for the sake of fewer points. Default 0: as it is. */
  readonly toleranceKm?: number;
  /**
   * What becomes of members that no map outlines: networks, subdivisions, the smallest islands. `"throw"` (the default)
   * throws `no-outline`, `"skip"` draws the rest.
   */
  readonly undrawn?: "throw" | "skip";
  /** The map of countries. Default world-atlas's `countries-50m`. */
  readonly atlas?: CountryAtlas;
}

/**
 * The outline of a region as one GeoJSON MultiPolygon: countries, circles, polygons and cells dissolved into each other, RFC
 * 7946 throughout (longitude first, right-hand rule, cut at the antimeridian).
 *
 * Nothing to draw gives a MultiPolygon without polygons. Throws `bad-group`, `bad-geojson`, `self-crossing`, `bad-cell` and,
 * unless told otherwise, `no-outline`.
 *
 * @example
 * ```ts
 * regionToGeoJson({ lat: 47.56, lon: 7.59, radiusKm: 250 });                    // 250 km around Basel
 * regionToGeoJson("sales", { groups: { sales: ["DE", "CH", { polygon }] } });  // a region of one's own
 * regionToGeoJson(finding, { toleranceKm: 5 });                                 // where it happened
 * ```
 */
export function regionToGeoJson(region: DrawnRegion, options: RegionToGeoJsonOptions = {}): MultiPolygon {
  const { toleranceKm = 0 } = options;
  const whole = dissolved(outlinesOf(region, options).filter(({ coordinates }) => coordinates.length > 0));
  if (toleranceKm <= 0 || whole.coordinates.length === 0) return whole;
  return multi(simplify(whole, { tolerance: toleranceKm / KM_PER_DEGREE, highQuality: true }));
}

const RADIANS = Math.PI / 180;
const KM_PER_DEGREE = (EARTH_RADIUS_KM * Math.PI) / 180;
/** Corners of a circle: between them its outline strays by 0.03% of the radius. */
const CIRCLE_CORNERS = 128;

function outlinesOf(region: DrawnRegion, options: RegionToGeoJsonOptions): MultiPolygon[] {
  if (isFound(region)) return outlinesOfFound(region, options);
  if (typeof region === "object" && "region" in region && isFound(region.region))
    return outlinesOfFound(region.region, options);
  const { groups = {} } = options;
  const isGroup = typeof region === "string" && Object.hasOwn(groups, region);
  const members = (Array.isArray(region) ? region : [region]) as GroupMember[];
  const read = isGroup ? flattenGroup(groups, region) : flattenGroup({ ...groups, [ASKED]: members }, ASKED);
  return [...countriesOf(read, options), ...read.flatMap((member) => outlineOf(member, options))];
}

/** The name under which a list of members is asked for, for errors. */
const ASKED = "(region)";

function isFound(region: unknown): region is FoundRegion {
  return typeof region === "object" && region !== null && "cells" in region && "countries" in region;
}

function outlinesOfFound({ cells, countries }: FoundRegion, options: RegionToGeoJsonOptions): MultiPolygon[] {
  if (cells.length > 0) return [cellsToGeoJson(cells)];
  return countriesOf(
    countries.map((key) => ({ kind: "country", key })),
    options,
  );
}

/** All countries of a list, from one reading of the map. */
function countriesOf(members: readonly ReadMember[], options: RegionToGeoJsonOptions): MultiPolygon[] {
  const codes = new Set(members.flatMap((member) => (member.kind === "country" ? [member.key] : [])));
  if (codes.size === 0) return [];
  const drawn = atlasCountries(options.atlas).filter(({ code }) => codes.has(code));
  const known = new Set(drawn.map(({ code }) => code));
  for (const code of codes) if (!known.has(code)) undrawn(countryName(code), "the map leaves it out", options);
  return drawn.flatMap(({ shape }) => shape.map(polygonOutline));
}

function outlineOf(member: ReadMember, options: RegionToGeoJsonOptions): MultiPolygon[] {
  if (member.kind === "circle") return [circleOutline(member.circle)];
  if (member.kind === "shape") return member.shape.map(polygonOutline);
  if (member.kind === "cell") return [cellsToGeoJson([member.key])];
  if (member.kind === "network") undrawn("a network", "addresses are no area", options);
  if (member.kind === "subdivision" || member.kind === "region")
    undrawn(member.key, "the map has no borders of subdivisions", options);
  return [];
}

function undrawn(region: string, reason: string, { undrawn = "throw" }: RegionToGeoJsonOptions): void {
  if (undrawn === "throw") throw gridError("no-outline", { region, reason });
}

function circleOutline({ lat, lon, radiusKm }: Circle): MultiPolygon {
  if (radiusKm === 0) return { type: "MultiPolygon", coordinates: [] };
  if (radiusKm >= Math.PI * EARTH_RADIUS_KM) return { type: "MultiPolygon", coordinates: [[WORLD]] };
  const ring = greatCircleEdges(circleCorners(lat, lon, radiusKm / EARTH_RADIUS_KM));
  return { type: "MultiPolygon", coordinates: ringsToMultiPolygon([ring]) };
}

/** Counter-clockwise. By vectors, which know no special case at a pole: centre, north and east span the cap. */
function circleCorners(lat: number, lon: number, radius: number): Position[] {
  const [sinLat, cosLat] = [Math.sin(lat * RADIANS), Math.cos(lat * RADIANS)];
  return Array.from({ length: CIRCLE_CORNERS }, (_, corner): Position => {
    const bearing = (-2 * Math.PI * corner) / CIRCLE_CORNERS;
    const north = Math.sin(radius) * Math.cos(bearing);
    const out = cosLat * Math.cos(radius) - sinLat * north;
    const east = Math.sin(radius) * Math.sin(bearing);
    const up = sinLat * Math.cos(radius) + cosLat * north;
    return [shortTurn(lon + Math.atan2(east, out) / RADIANS), Math.atan2(up, Math.hypot(out, east)) / RADIANS];
  });
}

const WORLD: [number, number][] = [
  [-180, -90],
  [180, -90],
  [180, 90],
  [-180, 90],
  [-180, -90],
];

function polygonOutline(polygon: readonly Ring[]): MultiPolygon {
  return { type: "MultiPolygon", coordinates: ringsToMultiPolygon(orientedPolygon(polygon)) };
}

/** The union of outlines; they are cut at the antimeridian, so it may be made in the plane. */
function dissolved(outlines: readonly MultiPolygon[]): MultiPolygon {
  const features = outlines.map((geometry): Feature<MultiPolygon> => ({ type: "Feature", properties: {}, geometry }));
  if (features.length === 0) return { type: "MultiPolygon", coordinates: [] };
  if (features.length === 1) return features[0]!.geometry;
  return multi(union({ type: "FeatureCollection", features })!.geometry);
}

function multi(geometry: Polygon | MultiPolygon | Feature): MultiPolygon {
  const plain = geometry.type === "Feature" ? (geometry.geometry as Polygon | MultiPolygon) : geometry;
  if (plain.type === "MultiPolygon") return plain;
  return { type: "MultiPolygon", coordinates: [plain.coordinates] };
}

/** A longitude brought into [-180, 180). */
function shortTurn(degrees: number): number {
  return degrees - 360 * Math.floor((degrees + 180) / 360);
}
