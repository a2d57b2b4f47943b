import { checkArgument, checkOptions } from "../../core/options/checkOptions.js";
import type { Shapes } from "../../core/options/shape.js";
import { number } from "../../core/options/shapes.js";
import type { Cube } from "../../cube/cube.js";
import { CUBE } from "../../cube/cubeShape.js";
import { SERVER_LIST } from "../checkServers.js";
import { planError } from "../failover/errors.js";
import type { Interval } from "../failover/failoverDetail.js";
import type { PlannedServer } from "../failover/latencyEstimator.js";
import { meanRates, PLAN_OPTIONS, type PlanOptions, type PlanState, planState, rateOf } from "../failover/planState.js";
import { kMedian } from "./kMedian.js";
import type { MedianProblem } from "./medianProblem.js";
import { counterfactual, type SiteGain } from "./siteGain.js";

/** A site that could be opened. */
export interface CandidateSite extends PlannedServer {
  /** Mean milliseconds a request, of all requests, that it must save to be worth opening. Default 0. */
  readonly openingMs?: number;
}

export interface PlaceOptions extends Pick<PlanOptions, "model" | "serverDimension" | "capacity"> {
  /** Servers that there are. */
  readonly existing: readonly PlannedServer[];
  /** Sites to choose from. The model must know them, too. */
  readonly candidates: readonly CandidateSite[];
  /** How many to open at most. Default 1. */
  readonly k?: number;
  /** Seed of the draws that the intervals are made of. Default 1. */
  readonly seed?: number;
}

/** What each option takes. */
export const PLACE_OPTIONS: Shapes<PlaceOptions> = {
  existing: SERVER_LIST,
  candidates: SERVER_LIST,
  k: number,
  seed: number,
  model: PLAN_OPTIONS.model,
  serverDimension: PLAN_OPTIONS.serverDimension,
  capacity: PLAN_OPTIONS.capacity,
};

export interface Placement extends SiteGain {
  /** Names of the sites to open; fewer than k where no more pay. */
  readonly opened: readonly string[];
  /** Whether no other choice is better, by the model. */
  readonly isExact: boolean;
  /** How much better another choice could be at most, as a share of the cost; 0 where it is exact. */
  readonly gap: number;
  /** What each candidate saves if it is the only one opened, the best first. */
  readonly alone: readonly { readonly name: string; readonly savedMs: Interval }[];
}

/**
 * Where the next location pays: the k candidates that bring the traffic of the log nearest, in milliseconds, and what
 * they save, with an interval that carries the model's uncertainty through.
 *
 * A weighted k-median with capacities (of the busiest hour) and costs of opening, solved by branch and bound; where that
 * is too large to end, `gap` says how far the choice may be from the best. Gains suppose that clients are steered to the
 * server that is best for them: `byDistanceMs` says what becomes of it if they are sent to the nearest instead, which may
 * be worse than before.
 *
 * Throws `bad-plan-option` and `no-traffic`.
 */
export function placeServers(cube: Cube, options: PlaceOptions): Placement {
  checkArgument("placeServers", "the first argument", cube, CUBE);
  checkOptions("placeServers", options, PLACE_OPTIONS, ["existing", "candidates", "model"]);
  const { existing, candidates, k = 1, model, capacity, seed = 1, serverDimension } = options;
  if (!Number.isInteger(k) || k < 1)
    throw planError("bad-plan-option", { option: "k", value: String(k), expected: "a positive integer" });
  if (candidates.length === 0)
    throw planError("bad-plan-option", { option: "candidates", value: "empty", expected: "at least one site" });
  const state = planState(cube, {
    servers: [...existing, ...candidates],
    model,
    ...(capacity === undefined ? {} : { capacity }),
    ...(serverDimension === undefined ? {} : { serverDimension }),
  });
  const problem = problemOf(state, options, k);
  const found = kMedian(problem);
  if (!Number.isFinite(found.cost))
    throw planError("bad-plan-option", {
      option: "capacity",
      value: "too little for the busiest hour",
      expected: "enough room at the existing servers and k candidates",
    });
  const gain = (sites: readonly number[]): SiteGain =>
    counterfactual(state, { existing: existing.length, opened: sites, seed });
  const alone = candidates.map(({ name }, c) => ({ name, savedMs: gain([existing.length + c]).savedMs }));
  return {
    opened: found.opened.map((site) => state.names[site]!),
    isExact: found.isExact,
    gap: found.bound > 0 ? Math.max(0, found.cost / found.bound - 1) : 0,
    ...gain(found.opened),
    alone: alone.sort((a, b) => b.savedMs.value - a.savedMs.value),
  };
}

function problemOf(state: PlanState, { existing, candidates }: PlaceOptions, k: number): MedianProblem {
  const { costs, capacity, demand } = state;
  const rows = demand.rows;
  const sites = state.names.length;
  const weights = meanRates(state);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const isLimited = capacity.some((limit) => limit !== Number.POSITIVE_INFINITY);
  const share = total / busiest(state);
  return {
    rows,
    sites,
    k: Math.min(k, candidates.length),
    costs: Float64Array.from(
      { length: rows * sites },
      (_, at) => costs.ms[(at % rows) * sites + Math.floor(at / rows)]!,
    ),
    weights,
    opening: Float64Array.from(
      { length: sites },
      (_, site) => (candidates[site - existing.length]?.openingMs ?? 0) * total,
    ),
    capacity: isLimited ? capacity.map((limit) => limit * share) : null,
    isFixed: Uint8Array.from({ length: sites }, (_, site) => (site < existing.length ? 1 : 0)),
  };
}

/** Requests a second of the busiest hour: capacities must do for it. */
function busiest(state: PlanState): number {
  return Math.max(...state.slots.map((slot) => rateOf(state, slot).reduce((sum, rate) => sum + rate, 0)));
}
