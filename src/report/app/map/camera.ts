import { geoEqualEarthRaw } from "d3-geo";

/**
 * The map's projection: Equal Earth for the world, blended into Mercator as one comes closer, so that cells of equal area
 * look equal from afar and towns keep their shape from near by (after Jenny, "Adaptive Composite Map Projections", 2012).
 *
 * Both are pseudo-cylindrical: x = Δlongitude · stretch(latitude), y = height(latitude). The blend is so too. That makes
 * drawing a multiply and an add a vertex ({@link LatitudeTerms} are computed once), and lets the world turn endlessly.
 */
export interface LatitudeTerms {
  /** Equal Earth's x for one radian of longitude. */
  readonly stretch: number;
  /** Equal Earth's y. */
  readonly equalHeight: number;
  /** Mercator's y. */
  readonly mercatorHeight: number;
}

export const RADIANS = Math.PI / 180;
const MAX_LAT = 84;
/** The south is cut at Antarctica's coast. */
const SOUTHERN_LAT = 72;
/** How far the middle of the screen may be from the equator while the whole world fits. */
const MIDDLE_REACH = 25;
/** Mercator has no poles: what lies nearer to them is drawn at this latitude. */
const MERCATOR_LIMIT = 88;
export const MIN_ZOOM = 1;
export const MAX_ZOOM = 400;
/** Width of the world in Equal Earth's unit. */
const WORLD_WIDTH = 2 * geoEqualEarthRaw(Math.PI, 0)[0];

export function latitudeTerms(lat: number): LatitudeTerms {
  const phi = Math.max(-90, Math.min(90, lat)) * RADIANS;
  const limited = Math.max(-MERCATOR_LIMIT, Math.min(MERCATOR_LIMIT, lat)) * RADIANS;
  return {
    stretch: geoEqualEarthRaw(1, phi)[0],
    equalHeight: geoEqualEarthRaw(0, phi)[1],
    mercatorHeight: Math.log(Math.tan(Math.PI / 4 + limited / 2)),
  };
}

/** Where one looks: a centre in degrees and a magnification, 1 being the whole world across the width. */
export interface View {
  readonly lon: number;
  readonly lat: number;
  readonly zoom: number;
}

/** A box in degrees; `west` may be less than -180 or `east` more than 180 where the box crosses the antimeridian. */
export interface Bounds {
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
}

/** A view on a screen of a given size, with the numbers that drawing needs. */
export class Camera {
  readonly view: View;
  readonly width: number;
  readonly height: number;
  /** Pixels per unit of the projection. */
  readonly scale: number;
  /** Share of Mercator in the blend, [0, 1]. */
  readonly blend: number;
  /** The terms of the centre's latitude, and its cosine: what Mercator is scaled by, to be true to size there. */
  readonly centre: LatitudeTerms;
  readonly cosine: number;
  #seen: Bounds | null = null;

  constructor(view: View, width: number, height: number) {
    const zoom = Math.max(MIN_ZOOM, Math.min(MAX_ZOOM, view.zoom));
    const lat = Math.max(-MAX_LAT, Math.min(MAX_LAT, view.lat));
    this.view = { lon: wrapLongitude(view.lon), lat, zoom };
    this.width = width;
    this.height = height;
    this.scale = (zoom * baseWidth(width, height)) / WORLD_WIDTH;
    this.blend = smooth(Math.log2(zoom) / 3);
    this.centre = latitudeTerms(lat);
    this.cosine = Math.cos(lat * RADIANS);
  }

  /** Pixels per degree of longitude at a latitude. */
  stretch(terms: LatitudeTerms): number {
    return this.scale * RADIANS * ((1 - this.blend) * terms.stretch + this.blend * this.cosine);
  }

  /** Vertical pixel of a latitude. */
  y(terms: LatitudeTerms): number {
    const equal = terms.equalHeight - this.centre.equalHeight;
    const mercator = this.cosine * (terms.mercatorHeight - this.centre.mercatorHeight);
    return this.height / 2 - this.scale * ((1 - this.blend) * equal + this.blend * mercator);
  }

  /** Pixel of a point, on the copy of the world that is nearest to the centre. */
  project(lon: number, lat: number): [x: number, y: number] {
    const terms = latitudeTerms(lat);
    return [this.width / 2 + wrapLongitude(lon - this.view.lon) * this.stretch(terms), this.y(terms)];
  }

  /** Longitude and latitude of a pixel, or null beside the world. */
  invert(x: number, y: number): [lon: number, lat: number] | null {
    if (y < this.y(latitudeTerms(90)) || y > this.y(latitudeTerms(-90))) return null;
    const lat = bisected(-90, 90, (south) => this.y(latitudeTerms(south)) > y);
    const turn = (x - this.width / 2) / this.stretch(latitudeTerms(lat));
    return Math.abs(turn) > 180 ? null : [wrapLongitude(this.view.lon + turn), lat];
  }

  /** The view after a move that brings the point at one pixel to another and changes the magnification. */
  moved(from: readonly [number, number], to: readonly [number, number], factor = 1): View {
    const held = this.invert(from[0], from[1]) ?? [this.view.lon, this.view.lat];
    const zoom = Math.max(MIN_ZOOM, Math.min(MAX_ZOOM, this.view.zoom * factor));
    const at = (lat: number): Camera => new Camera({ lon: 0, lat, zoom }, this.width, this.height);
    const terms = latitudeTerms(held[1]);
    const lat = bisected(-MAX_LAT, MAX_LAT, (south) => at(south).y(terms) < to[1]);
    const turn = (to[0] - this.width / 2) / at(lat).stretch(terms);
    return { lon: wrapLongitude(held[0] - turn), lat, zoom };
  }

  /** The box of longitudes and latitudes that can be seen, a little too large rather than too small. */
  get seen(): Bounds {
    this.#seen ??= this.#visible();
    return this.#seen;
  }

  #visible(): Bounds {
    const top = this.invert(this.width / 2, 0)?.[1] ?? 90;
    const bottom = this.invert(this.width / 2, this.height)?.[1] ?? -90;
    const narrowest = Math.min(this.stretch(latitudeTerms(top)), this.stretch(latitudeTerms(bottom)));
    const reach = Math.min(180, this.width / 2 / Math.max(narrowest, 1e-9));
    return { west: this.view.lon - reach, east: this.view.lon + reach, south: bottom, north: top };
  }
}

/** The nearest view in which the world does not leave the screen empty above or below, as far as it can fill it. */
export function keptOnWorld(view: View, width: number, height: number): View {
  const edges = (lat: number): [top: number, bottom: number] => {
    const camera = new Camera({ ...view, lat }, width, height);
    return [camera.y(latitudeTerms(MAX_LAT)), camera.y(latitudeTerms(-SOUTHERN_LAT))];
  };
  const [top, bottom] = edges(view.lat);
  if (bottom - top < height) return { ...view, lat: Math.max(-MIDDLE_REACH, Math.min(MIDDLE_REACH, view.lat)) };
  if (top <= 0 && bottom >= height) return view;
  const balanced = bisected(-MAX_LAT, MAX_LAT, (lat) => edges(lat)[0] + edges(lat)[1] < height);
  const lat = bisected(balanced, view.lat, (between) => edges(between)[0] <= 0 && edges(between)[1] >= height);
  return { ...view, lat };
}

/** The last value on the way from one to another for which something holds, if it holds from the first up to there. */
function bisected(from: number, to: number, holds: (value: number) => boolean): number {
  let [inside, outside] = [from, to];
  for (let i = 0; i < 40; i++) {
    const middle = (inside + outside) / 2;
    if (holds(middle)) inside = middle;
    else outside = middle;
  }
  return inside;
}

/** The view that shows a box with some room around it, not closer than `maxZoom`. */
export function viewOf(bounds: Bounds, width: number, height: number, maxZoom: number): View {
  const lon = (bounds.west + bounds.east) / 2;
  const lat = (bounds.south + bounds.north) / 2;
  const closest = Math.log2(Math.max(maxZoom, MIN_ZOOM));
  const power = bisected(Math.log2(MIN_ZOOM), closest, (p) =>
    fits(bounds, new Camera({ lon, lat, zoom: 2 ** p }, width, height)),
  );
  return { lon, lat, zoom: 2 ** power };
}

function fits(bounds: Bounds, camera: Camera): boolean {
  const beside = Math.min(60, camera.width / 14);
  const above = Math.min(36, camera.height / 8); // labels of findings stand out
  const half = (bounds.east - bounds.west) / 2;
  const across = Math.max(...[bounds.south, bounds.north].map((lat) => camera.stretch(latitudeTerms(lat)))) * half;
  const top = camera.y(latitudeTerms(bounds.north));
  const bottom = camera.y(latitudeTerms(bounds.south));
  return across <= camera.width / 2 - beside && top >= above && bottom <= camera.height - above;
}

/** A wide world on a wide screen; on a tall one the world is cut at the sides rather than shown as a thin strip. */
function baseWidth(width: number, height: number): number {
  return Math.max(width, Math.min(1.45 * height, 2.2 * width));
}

/** The same meridian in [-180, 180). */
export function wrapLongitude(lon: number): number {
  return ((((lon + 180) % 360) + 360) % 360) - 180;
}

function smooth(t: number): number {
  const x = Math.max(0, Math.min(1, t));
  return x * x * (3 - 2 * x);
}
