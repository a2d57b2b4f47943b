import { cellToBoundary, cellToLatLng, getPentagons, latLngToCell } from "h3-js";
import type { Random } from "../../src/core/random.js";

export interface Points {
  readonly lats: Float64Array;
  readonly lons: Float64Array;
}

type Make = (random: Random, resolution: number) => readonly [lat: number, lon: number];

/** Where a cell is easy to get wrong, and the whole sphere beside. */
export const REGIONS: Readonly<Record<string, Make>> = {
  "the sphere": (random) => [(Math.asin(2 * random.next() - 1) * 180) / Math.PI, 360 * random.next() - 180],
  "the poles": (random) => [random.pick([-1, 1]) * (90 - 10 ** (-8 * random.next())), 360 * random.next() - 180],
  "the antimeridian": (random) => [
    180 * random.next() - 90,
    random.pick([-1, 1]) * (180 + random.pick([-1, 1]) * 10 ** (-12 * random.next())),
  ],
  pentagons: (random) => around(cellToLatLng(random.pick(PENTAGONS)), random, 10 * random.next() ** 4),
  "face centres": (random) => around(random.pick(FACE_CENTRES), random, 10 ** (-9 * random.next())),
  edges: (random, resolution) => {
    const corners = someBoundary(random, resolution);
    const i = random.int(corners.length);
    const [lat1, lon1] = corners[i]!;
    const [lat2, lon2] = corners[(i + 1) % corners.length]!;
    const t = random.next();
    return Math.abs(lon1 - lon2) > 180 ? [lat1, lon1] : [lat1 + t * (lat2 - lat1), lon1 + t * (lon2 - lon1)];
  },
  corners: (random, resolution) => random.pick(someBoundary(random, resolution)),
};

/** Seeded points of a kind. */
export function hardPoints(make: Make, count: number, resolution: number, random: Random): Points {
  const lats = new Float64Array(count);
  const lons = new Float64Array(count);
  for (let i = 0; i < count; i++) [lats[i], lons[i]] = make(random, resolution) as [number, number];
  return { lats, lons };
}

function someBoundary(random: Random, resolution: number): readonly (readonly [number, number])[] {
  const [lat, lon] = REGIONS["the sphere"]!(random, resolution);
  return cellToBoundary(latLngToCell(lat, lon, resolution)) as [number, number][];
}

function around([lat, lon]: readonly [number, number], random: Random, degrees: number): [number, number] {
  const angle = 2 * Math.PI * random.next();
  const y = Math.max(-90, Math.min(90, lat + degrees * Math.sin(angle)));
  return [y, lon + (degrees * Math.cos(angle)) / Math.max(0.01, Math.cos((lat * Math.PI) / 180))];
}

const PENTAGONS = getPentagons(0);

/** The middles of the icosahedron's faces: of three corners that are neighbours (63.4° apart). */
const FACE_CENTRES = faceCentres(PENTAGONS.map((cell) => cellToLatLng(cell) as [number, number]));

function faceCentres(corners: readonly [number, number][]): [number, number][] {
  const vectors = corners.map(([lat, lon]) => {
    const [p, l] = [(lat * Math.PI) / 180, (lon * Math.PI) / 180];
    return [Math.cos(p) * Math.cos(l), Math.cos(p) * Math.sin(l), Math.sin(p)] as const;
  });
  const near = (i: number, j: number) => vectors[i]!.reduce((sum, x, axis) => sum + x * vectors[j]![axis]!, 0) > 0;
  const centres: [number, number][] = [];
  for (let i = 0; i < 12; i++) {
    for (let j = i + 1; j < 12; j++) {
      for (let k = j + 1; k < 12; k++) {
        if (!near(i, j) || !near(j, k) || !near(i, k)) continue;
        const [x, y, z] = [0, 1, 2].map((axis) => vectors[i]![axis]! + vectors[j]![axis]! + vectors[k]![axis]!);
        centres.push([(Math.atan2(z!, Math.hypot(x!, y!)) * 180) / Math.PI, (Math.atan2(y!, x!) * 180) / Math.PI]);
      }
    }
  }
  return centres;
}
