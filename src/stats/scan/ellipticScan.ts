import { regionKeys, type ZoneLimits } from "./circularZones.js";
import { type CircularScanOptions, checkedScan } from "./clusterScan.js";
import { type NeighbourOrder, neighbourOrder, type RegionPoints } from "./neighbourOrder.js";
import { checkOption, type ScanData } from "./scanInput.js";
import { type ScanCluster, scanZones } from "./scanZones.js";
import { type ZoneTree, ZoneTreeBuilder } from "./zoneTree.js";

export interface EllipticScanOptions extends CircularScanOptions {
  /** Ratios of the long axis to the short one, ascending. Default 1, 1.5, 2, 3, 4, 5, as SaTScan has them. */
  readonly shapes?: readonly number[];
  /** How many directions each shape is tried in. Default 1, 4, 6, 9, 12, 15. */
  readonly angles?: readonly number[];
  /**
   * What an elongated shape costs: its log likelihood ratio is multiplied by (4 s / (s + 1)²) to this power. Default 0.5,
   * SaTScan's medium penalty; 1 is its strong one, 0 none.
   */
  readonly penalty?: number;
}

const SHAPES = [1, 1.5, 2, 3, 4, 5];
const ANGLES = [1, 4, 6, 9, 12, 15];

/**
 * The elliptic scan statistic: clusters along a coast, a road, a valley.
 *
 * Kulldorff, Huang, Pickle and Duczmal, "An elliptic spatial scan statistic", 2006, with SaTScan's shapes, angles (from the
 * first axis on, evenly over a half turn) and penalty. Degrees are taken to a plane around the middle of all points: for
 * regions the size of a continent use coordinates of a map instead.
 *
 * Throws `lengths-differ`, `bad-value` and `bad-spatial-option`.
 */
export function ellipticScan(points: RegionPoints, data: ScanData, options: EllipticScanOptions = {}): ScanCluster[] {
  const { shapes = SHAPES, angles = ANGLES, penalty = 0.5 } = options;
  checkOption("penalty", penalty, penalty >= 0 && Number.isFinite(penalty), "0 or more");
  checkOption("angles", angles.length, angles.length === shapes.length, "as many as there are shapes");
  shapes.forEach((shape, i) => {
    checkOption("shapes", shape, shape >= 1 && shape >= (shapes[i - 1] ?? 1), "1 or more, ascending");
    checkOption("angles", angles[i]!, Number.isInteger(angles[i]!) && angles[i]! >= 1, "whole numbers from 1 on");
  });
  const { cases, model, limits } = checkedScan(points, data, options, Number.POSITIVE_INFINITY);
  const tree = ellipticZones(planePoints(points), model.weight, limits, shapes, angles, penalty);
  return scanZones(tree, model, cases, options);
}

interface Plane {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Ellipses around each region; the roundest first, so that a set of regions costs what its roundest ellipse does. */
function ellipticZones(
  { x, y }: Plane,
  weight: ArrayLike<number>,
  limits: ZoneLimits,
  shapes: readonly number[],
  angles: readonly number[],
  penalty: number,
): ZoneTree {
  const builder = new ZoneTreeBuilder(regionKeys(x.length));
  const factor: number[] = [];
  shapes.forEach((shape, i) => {
    const cost = ((4 * shape) / (shape + 1) ** 2) ** penalty;
    for (let k = 0; k < angles[i]!; k++) {
      for (const order of neighbourOrder(stretched(x, y, shape, (Math.PI * k) / angles[i]!)))
        addNested(builder, order, weight, limits);
      while (factor.length < builder.length) factor.push(cost);
    }
  });
  return builder.build(x.length, Float64Array.from(factor));
}

/** Coordinates in which an ellipse with its long axis in a direction is a circle. */
function stretched(x: Float64Array, y: Float64Array, shape: number, angle: number): Plane {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return { x: x.map((v, r) => cos * v + sin * y[r]!), y: y.map((v, r) => shape * (cos * v - sin * x[r]!)) };
}

function addNested(
  builder: ZoneTreeBuilder,
  { region, distance }: NeighbourOrder,
  weight: ArrayLike<number>,
  limits: ZoneLimits,
): void {
  let parent = -1;
  let total = 0;
  let key: [number, number] = [0, 0];
  for (let k = 0; k < region.length && k < limits.maxRegions; k++) {
    total += weight[region[k]!]!;
    if (total > limits.maxWeight) return;
    key = builder.keyWith(key, region[k]!);
    const tied = k + 1 < region.length && distance[k + 1] === distance[k];
    parent = builder.add(parent, region[k]!, tied ? null : key);
  }
}

/** Points on a plane: as they are, or degrees scaled by the cosine of their middle latitude. */
function planePoints(points: RegionPoints): Plane {
  if ("x" in points) return { x: Float64Array.from(points.x), y: Float64Array.from(points.y) };
  const lat = Float64Array.from(points.lat);
  const first = points.lon[0] ?? 0;
  const turn = (lon: number): number => first + ((((lon - first + 180) % 360) + 360) % 360) - 180; // not split at 180°
  const scale = Math.cos(((lat.reduce((a, b) => a + b, 0) / Math.max(1, lat.length)) * Math.PI) / 180);
  return { x: Float64Array.from(points.lon, (lon) => scale * turn(lon)), y: lat };
}
