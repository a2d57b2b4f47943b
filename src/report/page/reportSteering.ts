import { cellToBoundary } from "../../grid/outlines/cellBoundary.js";
import { cellAssignments } from "../../steer/failover/cellAssignments.js";
import type { FailoverCase } from "../../steer/failover/failoverCase.js";
import type { FailoverPlan } from "../../steer/failover/planFailover.js";
import { type PlanState, slotName } from "../../steer/failover/planState.js";
import type { ReportSteering, ReportSteeringCase } from "./reportModel.js";

/** A plan and what it was made of. */
export interface SteeringInput {
  readonly plan: FailoverPlan;
  readonly state: PlanState;
}

/** A page draws no more catchment cells than these. */
const MOST_CELLS = 3_000;
/** Catchments are large: finer cells would be specks on a map of the world. */
const FINEST = 3;

/** What the steering tab shows: cells as coarse as need be, each with its server today and in each failure. */
export function reportSteering({ plan, state }: SteeringInput): ReportSteering {
  let resolution = Math.min(FINEST, state.cube.resolution);
  let cells = cellAssignments(state, [], resolution);
  while (cells.length > MOST_CELLS && resolution > 0) cells = cellAssignments(state, [], --resolution);
  const positions = new Map(state.names.map((name, s) => [name, s]));
  const singles = plan.cases.filter(({ down }) => down.length === 1);
  return {
    servers: state.servers.map(({ name, lat, lon }, s) => ({
      name,
      lat,
      lon,
      capacityRps: Number.isFinite(state.capacity[s]!) ? state.capacity[s]! : null,
    })),
    slots: plan.slots,
    rings: cells.map(({ cell }) => cellToBoundary(cell).flatMap(([lat, lon]) => [rounded(lon), rounded(lat)])),
    rps: cells.map(({ rps }) => Number(rps.toPrecision(4))),
    today: cells.map(({ today }) => positions.get(today)!),
    cases: [plan.healthy, ...singles].map((one): ReportSteeringCase => {
      const assigned = one.down.length === 0 ? cells : cellAssignments(state, one.down, resolution);
      const outcomes = state.names.map((name) => one.servers.find((server) => server.name === name));
      return {
        verdict: one.verdict,
        told: told(one),
        better: assigned.map(({ better }) => positions.get(better)!),
        loads: outcomes.map((server) => server?.loadRps?.map((rps) => Number(rps.toPrecision(4))) ?? null),
        p95Ms: outcomes.map((server) => server?.p95Ms ?? null),
      };
    }),
  };
}

/** A failure in a sentence or two. */
function told(one: FailoverCase): string {
  const share = (value: number): string => `${(100 * value).toFixed(value < 0.1 ? 1 : 0)}%`;
  const parts: string[] = [];
  if (one.down.length > 0)
    parts.push(
      `${share(one.movedShare)} of requests move and take ${Math.abs(one.addedMs).toFixed(0)} ms ${one.addedMs < 0 ? "less" : "longer"}.`,
    );
  for (const { name, worst, slots } of one.overflow)
    parts.push(
      `By distance alone ${name} would get ${share(worst)} of what it takes, in ${slots.length} hours a week.`,
    );
  const full = one.servers.filter(({ hoursFull }) => hoursFull > 0).map(({ name }) => name);
  if (full.length > 0) parts.push(`The plan fills ${full.join(", ")} and leads the rest further.`);
  if (one.shed.slots.length > 0)
    parts.push(`${share(one.shed.share)} of requests find no room, the first on ${slotName(one.shed.slots[0]!)} UTC.`);
  if (parts.length === 0) parts.push("Every server has room for what comes to it.");
  return parts.join(" ");
}

const rounded = (degrees: number): number => Math.round(degrees * 1000) / 1000;
