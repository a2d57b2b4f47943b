import type { Cube } from "../../cube/cube.js";
import { greatCircleKm } from "../../grid/distance.js";
import type { DemandBySlot } from "./demandBySlot.js";
import type { LatencyEstimator, PlannedServer } from "./latencyEstimator.js";

/** What each row would see of each server, row-major rows × servers. */
export interface PlanCosts {
  readonly ms: Float64Array;
  /** Standard deviation of the logarithm of the prediction. */
  readonly spread: Float64Array;
  readonly km: Float64Array;
  readonly isMeasured: Uint8Array;
}

/** Standard deviations of a 90% interval, from end to end. */
const WIDTH_OF_90 = 2 * 1.6449;
/** A round trip is never told as less. */
const LEAST_MS = 0.1;

/**
 * Asks the model about every pair of a place and a server, once a place. Places without coordinates get what the others
 * see of each server on average, weighted by requests: they can be planned for, not steered.
 */
export function planCosts(
  cube: Cube,
  demand: DemandBySlot,
  servers: readonly PlannedServer[],
  model: LatencyEstimator,
): PlanCosts {
  const cells = demand.rows * servers.length;
  const costs: PlanCosts = {
    ms: new Float64Array(cells),
    spread: new Float64Array(cells),
    km: new Float64Array(cells),
    isMeasured: new Uint8Array(cells),
  };
  const unlocated: number[] = [];
  for (let row = 0; row < demand.rows; row++) {
    const place = demand.place[row]!;
    const isLikeLast = row > 0 && demand.place[row - 1] === place;
    if (isLikeLast) copyRow(costs, row, servers.length);
    else if (Number.isFinite(cube.places.lat[place]!)) askRow(cube, place, row, servers, model, costs);
    if (!Number.isFinite(cube.places.lat[place]!)) unlocated.push(row);
  }
  fillUnlocated(demand, costs, servers.length, unlocated);
  return costs;
}

function askRow(
  { places }: Cube,
  place: number,
  row: number,
  servers: readonly PlannedServer[],
  model: LatencyEstimator,
  { ms, spread, km, isMeasured }: PlanCosts,
): void {
  const [lat, lon, accuracyKm] = [places.lat[place]!, places.lon[place]!, places.accuracyKm[place]!];
  const asked = { lat, lon, ...(accuracyKm > 0 ? { accuracyKm } : {}) };
  servers.forEach((server, s) => {
    const at = row * servers.length + s;
    const told = model.predict(asked, server.name);
    ms[at] = Math.max(LEAST_MS, told.ms);
    spread[at] = told.low > 0 && told.high > told.low ? Math.log(told.high / told.low) / WIDTH_OF_90 : 0;
    km[at] = greatCircleKm(lat, lon, server.lat, server.lon);
    isMeasured[at] = told.measured ? 1 : 0;
  });
}

function copyRow({ ms, spread, km, isMeasured }: PlanCosts, row: number, width: number): void {
  for (const column of [ms, spread, km, isMeasured]) column.copyWithin(row * width, (row - 1) * width, row * width);
}

function fillUnlocated({ rows, today }: DemandBySlot, costs: PlanCosts, width: number, unlocated: number[]): void {
  if (unlocated.length === 0) return;
  const requests = (row: number): number => {
    let sum = 0;
    for (let s = 0; s <= width; s++) sum += today[row * (width + 1) + s]!;
    return sum;
  };
  const isUnlocated = new Set(unlocated);
  for (let s = 0; s < width; s++) {
    let [ms, km, total] = [0, 0, 0];
    for (let row = 0; row < rows; row++) {
      if (isUnlocated.has(row)) continue;
      ms += requests(row) * costs.ms[row * width + s]!;
      km += requests(row) * costs.km[row * width + s]!;
      total += requests(row);
    }
    for (const row of unlocated) {
      costs.ms[row * width + s] = total > 0 ? ms / total : LEAST_MS;
      costs.km[row * width + s] = total > 0 ? km / total : 0;
    }
  }
}
