import { greatCircleKm } from "../../core/sphere.js";
import type { Line } from "../../stats/medianLine.js";
import { distanceLine, lineMs } from "./distanceLine.js";
import { type KernelLengths, USUAL_LENGTHS } from "./endKernel.js";
import type { EndTable } from "./endTable.js";
import { bendOf } from "./pairKernel.js";

/** Measured pairs of ends, one row a pair. */
export interface MeasuredPairs {
  readonly ends: EndTable;
  /** Rows of `ends`. */
  readonly client: Uint32Array;
  readonly server: Uint32Array;
  readonly ms: Float64Array;
  /** Variance of the logarithm of `ms` by chance, from how many clients there were and how they differ. */
  readonly chance: Float64Array;
}

/** Measured pairs, and how they stand to the line of distance. */
export interface PairData extends MeasuredPairs {
  readonly line: Line;
  readonly bend: Float64Array;
  /** Logarithm of latency over the line. */
  readonly residual: Float64Array;
  /** Variance of a pair's truth of which no other pair tells, before the part that is fitted. */
  readonly own: Float64Array;
  readonly lengths: KernelLengths;
}

/** What is known of a pair by its ends alone. */
export interface PairGeometry {
  readonly km: number;
  readonly lineMs: number;
  readonly bend: number;
  readonly own: number;
}

/** Milliseconds by which pairs differ whatever their distance: metres of fibre, rounding. */
const OWN_MS = 0.7;

export function pairData(pairs: MeasuredPairs): PairData {
  const { ends, client, server, ms } = pairs;
  const km = Float64Array.from(client, (c, i) => {
    const s = server[i]!;
    const apart = greatCircleKm(ends.lat[c]!, ends.lon[c]!, ends.lat[s]!, ends.lon[s]!);
    return likelyKm(apart, ends.accuracyKm[c]!, ends.accuracyKm[s]!);
  });
  const line = distanceLine(km, ms);
  const geometries = Array.from(km, (d, i) =>
    pairGeometry(line, d, ends.accuracyKm[client[i]!]!, ends.accuracyKm[server[i]!]!),
  );
  return {
    ...pairs,
    line,
    lengths: USUAL_LENGTHS,
    bend: Float64Array.from(geometries, ({ bend }) => bend),
    residual: Float64Array.from(geometries, (g, i) => Math.log(ms[i]! / g.lineMs)),
    own: Float64Array.from(geometries, ({ own }) => own),
  };
}

/** Root mean square distance of two ends that each lie anywhere within their radius. */
export function likelyKm(km: number, accuracyA: number, accuracyB: number): number {
  return Math.sqrt(km * km + (accuracyA * accuracyA + accuracyB * accuracyB) / 2);
}

/** @param km - as {@link likelyKm} tells it */
export function pairGeometry(line: Line, km: number, accuracyA: number, accuracyB: number): PairGeometry {
  const expected = lineMs(line, km);
  // Along the line between the ends, a point of a disc strays by half of the radius.
  const strayMs = (line.slope * Math.hypot(accuracyA, accuracyB)) / 2;
  return { km, lineMs: expected, bend: bendOf(km), own: (OWN_MS * OWN_MS + strayMs * strayMs) / (expected * expected) };
}
