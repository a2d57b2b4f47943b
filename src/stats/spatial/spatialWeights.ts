import { spatialError } from "../scan/errors.js";

/** Who is next to whom and how much: the neighbours of i are [starts[i], starts[i + 1]). */
export interface SpatialWeights {
  readonly length: number;
  readonly starts: Uint32Array;
  readonly neighbour: Uint32Array;
  readonly weight: Float64Array;
}

/** Numbers of the neighbours of each region. */
export type Adjacency = readonly (readonly number[])[];

export interface SpatialWeightsOptions {
  /** `row`: a region's weights sum to 1 (spdep's "W"); `binary`: each neighbour weighs 1 ("B"). Default "row". */
  readonly style?: "row" | "binary";
  /** Whether each region is its own neighbour, as Gi* needs. Default false. */
  readonly self?: boolean;
}

/** Weights of an adjacency. A region without neighbours has none. Throws `bad-value`. */
export function spatialWeights(adjacency: Adjacency, options: SpatialWeightsOptions = {}): SpatialWeights {
  const { style = "row", self = false } = options;
  const length = adjacency.length;
  const starts = new Uint32Array(length + 1);
  const neighbour: number[] = [];
  const weight: number[] = [];
  adjacency.forEach((near, i) => {
    const all = self ? [...near.filter((j) => j !== i), i] : near;
    for (const j of all) {
      if (!(Number.isInteger(j) && j >= 0 && j < length))
        throw spatialError("bad-value", {
          column: "adjacency",
          row: i,
          value: j,
          expected: `a region from 0 to ${length - 1}`,
        });
      neighbour.push(j);
      weight.push(style === "row" ? 1 / all.length : 1);
    }
    starts[i + 1] = neighbour.length;
  });
  return { length, starts, neighbour: Uint32Array.from(neighbour), weight: Float64Array.from(weight) };
}

/** Each region's weighted sum of its neighbours' values. */
export function spatialLag(weights: SpatialWeights, values: ArrayLike<number>): Float64Array {
  const { length, starts, neighbour, weight } = weights;
  const lag = new Float64Array(length);
  for (let i = 0; i < length; i++)
    for (let k = starts[i]!; k < starts[i + 1]!; k++) lag[i]! += weight[k]! * values[neighbour[k]!]!;
  return lag;
}

/** Throws `lengths-differ` or `bad-value` unless there is a finite value for each region. */
export function checkValues(weights: SpatialWeights, values: ArrayLike<number>): void {
  if (values.length !== weights.length)
    throw spatialError("lengths-differ", { column: "values", expected: weights.length, actual: values.length });
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i]!))
      throw spatialError("bad-value", { column: "values", row: i, value: values[i]!, expected: "a finite number" });
}

/** Values less their mean. */
export function deviations(values: ArrayLike<number>): Float64Array {
  const mean = Array.from(values).reduce((a, b) => a + b, 0) / values.length;
  return Float64Array.from(values, (v) => v - mean);
}
