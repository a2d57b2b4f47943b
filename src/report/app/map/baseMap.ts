import { geoArea, geoCentroid } from "d3-geo";
import type { Feature, FeatureCollection, GeoJsonProperties, MultiPolygon, Polygon } from "geojson";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import type { Bounds, Camera, View } from "./camera.js";
import type { Box } from "./labelPlaces.js";
import type { MapColours } from "./palette.js";
import { type Shapes, shapesOf, thinned, traceShapes, traceWorld } from "./shapes.js";

/** Natural Earth's countries, as world-atlas packs them. */
export type World = Topology<{ countries: GeometryCollection<{ name: string }>; land: GeometryCollection }>;

/** Below this magnification the coast is drawn with fewer vertices. */
const DETAIL_ZOOM = 3;
/** Vertices closer than this cannot be told apart below {@link DETAIL_ZOOM}. */
const COARSE_DEGREES = 0.3;

interface CountryLabel {
  /** ISO 3166-1 numeric. */
  readonly code: string;
  readonly name: string;
  readonly lon: number;
  readonly lat: number;
  /** Square root of the country's area in steradians, about its width in radians. */
  readonly size: number;
}

/** Land, coasts, borders and names of countries. */
export class BaseMap {
  readonly #land: readonly [coarse: Shapes, fine: Shapes];
  readonly #coast: readonly [coarse: Shapes, fine: Shapes];
  readonly #border: readonly [coarse: Shapes, fine: Shapes];
  readonly #labels: readonly CountryLabel[];
  /** Outlines of countries by ISO 3166-1 numeric code. */
  readonly #countries = new Map<string, Shapes>();
  readonly #world: World;

  constructor(world: World) {
    const { countries, land } = world.objects;
    this.#world = world;
    const rings = polygons(feature(world, land)).flat();
    this.#land = twice(rings);
    this.#coast = twice(mesh(world, countries, (a, b) => a === b).coordinates);
    this.#border = twice(mesh(world, countries, (a, b) => a !== b).coordinates);
    this.#labels = feature(world, countries)
      .features.map(labelOf)
      .sort((a, b) => b.size - a.size);
  }

  /** The box around a country's largest part; null where the map does not know it. */
  mainland(code: string): Bounds | null {
    const { bounds } = this.country(code);
    const areaOf = ({ west, east, south, north }: Bounds): number => (east - west) * (north - south);
    return bounds.reduce<Bounds | null>((best, box) => (best && areaOf(best) >= areaOf(box) ? best : box), null);
  }

  /** Countries by name, and the view that shows each. */
  get places(): (View & { readonly name: string })[] {
    return this.#labels.map(({ name, lon, lat, size }) => ({ name, lon, lat, zoom: Math.min(12, 2.2 / size) }));
  }

  /** Sea, land, coasts and borders: what lies under the cells. */
  drawGround(context: CanvasRenderingContext2D, camera: Camera, colours: MapColours): void {
    context.save();
    context.beginPath();
    traceWorld(context, camera);
    context.fillStyle = colours.sea;
    context.fill();
    context.clip();
    context.beginPath();
    traceShapes(context, this.#land[detail(camera)], camera);
    context.fillStyle = colours.land;
    context.fill();
    context.lineJoin = "round";
    context.lineWidth = 0.75;
    for (const [shapes, colour] of [
      [this.#border, colours.border],
      [this.#coast, colours.coast],
    ] as const) {
      context.beginPath();
      traceShapes(context, shapes[detail(camera)], camera);
      context.strokeStyle = colour;
      context.stroke();
    }
    context.restore();
  }

  /** The outline of a country by its ISO 3166-1 numeric code; of none where the map does not know it. */
  country(code: string): Shapes {
    const known = this.#countries.get(code);
    if (known) return known;
    const { countries } = this.#world.objects;
    const found = countries.geometries.find(({ id }) => id === code);
    const shapes = shapesOf(found ? polygons(feature(this.#world, found) as Feature).flat() : []);
    this.#countries.set(code, shapes);
    return shapes;
  }

  /**
   * Names of the countries that are large enough to hold theirs, larger ones first; none over another.
   *
   * @param reserved - where none may stand
   * @param unnamed - codes of countries that are named otherwise
   */
  drawLabels(
    context: CanvasRenderingContext2D,
    camera: Camera,
    colours: MapColours,
    reserved: readonly Box[],
    unnamed: ReadonlySet<string>,
  ): void {
    const taken: Box[] = [...reserved];
    context.font = "500 11px Inter, system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (const label of this.#labels) {
      if (unnamed.has(label.code)) continue;
      const width = context.measureText(label.name).width;
      if (label.size * camera.scale < width * 0.95) continue;
      const [x, y] = camera.project(label.lon, label.lat);
      const box: Box = [x - width / 2 - 4, y - 9, x + width / 2 + 4, y + 9];
      if (box[2] < 0 || box[0] > camera.width || box[3] < 0 || box[1] > camera.height) continue;
      if (taken.some((t) => box[0] < t[2] && box[2] > t[0] && box[1] < t[3] && box[3] > t[1])) continue;
      taken.push(box);
      context.strokeStyle = colours.labelHalo;
      context.lineWidth = 3;
      context.strokeText(label.name, x, y);
      context.fillStyle = colours.label;
      context.fillText(label.name, x, y);
    }
  }
}

function detail(camera: Camera): 0 | 1 {
  return camera.view.zoom < DETAIL_ZOOM ? 0 : 1;
}

function twice(lines: readonly (readonly (readonly number[])[])[]): [Shapes, Shapes] {
  return [shapesOf(thinned(lines, COARSE_DEGREES)), shapesOf(lines)];
}

function polygons(source: Feature | FeatureCollection): number[][][][] {
  const features = source.type === "FeatureCollection" ? source.features : [source];
  return features.flatMap(({ geometry }) =>
    geometry.type === "Polygon" ? [geometry.coordinates] : geometry.type === "MultiPolygon" ? geometry.coordinates : [],
  );
}

/** A country's name goes to the middle of its largest part: France's is not to end up in the Atlantic. */
function labelOf(country: Feature<GeometryOf, GeoJsonProperties>): CountryLabel {
  const parts = polygons(country).map((coordinates): Polygon => ({ type: "Polygon", coordinates }));
  const areas = parts.map((part) => geoArea(part));
  const largest = areas.indexOf(Math.max(...areas));
  const [lon, lat] = geoCentroid(parts[largest]!);
  return {
    code: String(country.id ?? ""),
    name: String(country.properties?.name ?? ""),
    lon,
    lat,
    size: Math.sqrt(areas[largest]!),
  };
}

type GeometryOf = Polygon | MultiPolygon | Feature["geometry"];
