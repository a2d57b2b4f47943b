/** Longitudes and latitudes, degrees, in turns around something. */
export type LonLatRing = readonly (readonly number[])[];

/** Where in a picture something is drawn, in its units. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A part of the world as a picture shows it: an equirectangular map, true to scale at its middle. */
export interface MapFrame extends Box {
  readonly project: (lon: number, lat: number) => readonly [x: number, y: number];
  /** Whether any of a ring may be seen. Rings that the picture's far side cuts in two are not. */
  readonly shows: (ring: LonLatRing) => boolean;
}

/** A map shows at least so much. */
const LEAST_DEGREES = 4;
/** What is shown around the outline, of its size. */
const MARGIN = 0.35;

/** The frame around some rings, at least one; across the antimeridian where that is the shorter way. */
export function mapFrame(rings: readonly LonLatRing[], box: Box): MapFrame {
  const points = rings.flat();
  const middle = middleLon(points);
  const [west, east] = extent(points.map(([lon]) => turned(lon! - middle)));
  const [south, north] = extent(points.map(([, lat]) => lat!));
  const [centreLon, centreLat] = [middle + (west + east) / 2, (south + north) / 2];
  const shrink = Math.cos((Math.max(-75, Math.min(75, centreLat)) * Math.PI) / 180);
  const wide = Math.max(LEAST_DEGREES, (east - west) * shrink) * (1 + 2 * MARGIN);
  const high = Math.max(LEAST_DEGREES, north - south) * (1 + 2 * MARGIN);
  const scale = Math.min(box.width / Math.min(wide, 360 * shrink), box.height / Math.min(high, 180));
  const project = (lon: number, lat: number): readonly [number, number] => [
    box.left + box.width / 2 + turned(lon - centreLon) * shrink * scale,
    box.top + box.height / 2 - (lat - centreLat) * scale,
  ];
  const shows = (ring: LonLatRing): boolean => {
    const at = ring.map(([lon, lat]) => project(lon!, lat!));
    const [left, right] = extent(at.map(([x]) => x));
    const [top, bottom] = extent(at.map(([, y]) => y));
    if (right - left > 180 * shrink * scale) return false;
    return right >= box.left && left <= box.left + box.width && bottom >= box.top && top <= box.top + box.height;
  };
  return { ...box, project, shows };
}

/** The circular mean. */
function middleLon(points: LonLatRing): number {
  let [x, y] = [0, 0];
  for (const [lon] of points) {
    x += Math.cos((lon! * Math.PI) / 180);
    y += Math.sin((lon! * Math.PI) / 180);
  }
  return (Math.atan2(y, x) * 180) / Math.PI;
}

/** Into [-180, 180). */
const turned = (degrees: number): number => ((((degrees + 180) % 360) + 360) % 360) - 180;

function extent(values: readonly number[]): [least: number, most: number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}
