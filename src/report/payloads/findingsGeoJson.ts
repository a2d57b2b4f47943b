import type { Feature, FeatureCollection, MultiPolygon, Point } from "geojson";
import type { Finding } from "../../detect/finding.js";
import { cellsToGeoJson } from "../../grid/outlines/cellsToGeoJson.js";
import { type FindingJson, type FindingsInput, findingsJson } from "./findingsJson.js";

/** What a finding's feature says of it: the contract's fields, with the region's flattened, without its cells. */
export type FindingProperties = Omit<FindingJson, "id" | "region"> & {
  readonly region: string;
  readonly countries: readonly string[];
  readonly subdivisions: readonly string[];
  readonly cities: readonly string[];
};

export type FindingFeature = Feature<MultiPolygon | Point | null, FindingProperties> & { readonly id: string };
export type FindingsGeoJson = FeatureCollection<MultiPolygon | Point | null, FindingProperties>;

/**
 * Findings as a GeoJSON FeatureCollection (RFC 7946), one feature each, in their order.
 *
 * A feature's geometry is the outline of its cells: longitude first, outer rings counter-clockwise, cut at the
 * antimeridian. Without cells it is the centroid as a Point, without that null (an "unlocated" feature).
 * `bbox` crosses the antimeridian, with west greater than east, where that makes the box smaller.
 *
 * Throws `bad-cell` where a finding names a cell that is none.
 */
export function findingsGeoJson(findings: readonly Finding[]): FindingsGeoJson {
  return { type: "FeatureCollection", features: findings.map(featureOf) };
}

function featureOf(finding: Finding): FindingFeature {
  const { id, region, ...rest } = findingsJson(NO_INPUT, [finding]).findings[0]!;
  const geometry = geometryOf(finding);
  const { name, countries, subdivisions, cities } = region;
  return {
    type: "Feature",
    id,
    ...(geometry?.type === "MultiPolygon" && { bbox: boxAround(geometry) }),
    geometry,
    properties: { ...rest, region: name, countries, subdivisions, cities },
  };
}

const NO_INPUT: FindingsInput = { files: [], events: 0, rejected: 0, unlocated: 0, fromMs: null, toMs: null };

function geometryOf({ region }: Finding): MultiPolygon | Point | null {
  if (region.cells.length > 0) return cellsToGeoJson(region.cells);
  return region.centroid && { type: "Point", coordinates: [region.centroid.lon, region.centroid.lat] };
}

/** West, south, east, north. The box leaves out the widest empty span of longitudes (RFC 7946, 5.2). */
function boxAround(geometry: MultiPolygon): [number, number, number, number] {
  const spans: [number, number][] = [];
  let [south, north] = [90, -90];
  for (const [outside] of geometry.coordinates) {
    let [west, east] = [180, -180];
    for (const [lon = 0, lat = 0] of outside!) {
      [west, east] = [Math.min(west, lon), Math.max(east, lon)];
      [south, north] = [Math.min(south, lat), Math.max(north, lat)];
    }
    spans.push([west, east]);
  }
  const [west, east] = aroundGap(spans.sort((a, b) => a[0] - b[0]));
  return [west, south, east, north];
}

/** The smallest arc that holds all spans, which come sorted by where they begin: all but the widest gap between them. */
function aroundGap(spans: readonly (readonly [number, number])[]): [west: number, east: number] {
  const west = spans[0]![0];
  const east = Math.max(...spans.map((span) => span[1]));
  let widest = west + 360 - east;
  let arc: [number, number] = [west, east];
  let reached = spans[0]![1];
  for (const [from, to] of spans) {
    if (from - reached > widest) {
      widest = from - reached;
      arc = [from, reached];
    }
    reached = Math.max(reached, to);
  }
  return arc;
}
