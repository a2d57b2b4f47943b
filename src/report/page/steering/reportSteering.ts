import { parentHigh, parentLow } from "../../../grid/cellParent.js";
import { cellText } from "../../../grid/cellText.js";
import { cellToBoundary } from "../../../grid/outlines/cellBoundary.js";
import { cellAssignments } from "../../../steer/failover/cellAssignments.js";
import type { FailoverCase } from "../../../steer/failover/failoverCase.js";
import type { FailoverPlan } from "../../../steer/failover/planFailover.js";
import { type PlanState, slotName } from "../../../steer/failover/planState.js";
import type { ReportSteering, ReportSteeringCase } from "../reportModel.js";
import { planCatchments } from "./planCatchments.js";

/** A plan and what it was made of. */
export interface SteeringInput {
  readonly plan: FailoverPlan;
  readonly state: PlanState;
}

/** A page draws no more catchment cells than these. */
const MOST_CELLS = 3_000;
/** Catchments are large: finer cells would be specks on a map of the world. */
const FINEST = 3;

/** More numbers than this are not added up for the catchments of pairs of servers. */
const MOST_SUMS = 3e8;

/** What the steering tab shows: cells as coarse as need be, each with its server today and by the plan in each failure. */
export function reportSteering({ plan, state }: SteeringInput): ReportSteering {
  let resolution = Math.min(FINEST, state.cube.resolution);
  let cells = cellAssignments(state, [], resolution);
  while (cells.length > MOST_CELLS && resolution > 0) cells = cellAssignments(state, [], --resolution);
  const positions = new Map(state.names.map((name, s) => [name, s]));
  const slots = [...new Set(plan.healthy.servers.map(({ peakSlot }) => peakSlot))];
  const sums = plan.cases.length * slots.length * state.demand.rows * state.names.length;
  const failures = plan.cases.filter(({ down }) => down.length === 1 || sums <= MOST_SUMS);
  const lost = failures.map(({ down }) => down.map((name) => positions.get(name)!).sort((a, b) => a - b));
  const cellOfRow = cellsOfRows(state, new Map(cells.map(({ cell }, i) => [cell, i])), resolution);
  const { healthy, failures: led } = planCatchments(state, cellOfRow, cells.length, slots, lost);
  return {
    servers: state.servers.map(({ name, lat, lon }, s) => ({
      name,
      lat,
      lon,
      capacityRps: Number.isFinite(state.capacity[s]!) ? state.capacity[s]! : null,
    })),
    slots: plan.slots,
    rings: cells.map(({ cell }) => cellToBoundary(cell).flatMap(([lat, lon]) => [rounded(lon), rounded(lat)])),
    rps: cells.map(({ rps }) => short(rps)),
    today: cells.map(({ today }) => positions.get(today)!),
    planned: [...healthy],
    cases: [
      caseOf(plan.healthy, state, [], []),
      ...failures.map((one, i) => caseOf(one, state, lost[i]!, changes(healthy, led[i]!))),
    ],
  };
}

function caseOf(one: FailoverCase, state: PlanState, down: number[], moved: number[]): ReportSteeringCase {
  const outcomes = state.names.map((name) => one.servers.find((server) => server.name === name));
  return {
    down,
    verdict: one.verdict,
    told: told(one),
    moved,
    loads: outcomes.map((server) => server?.loadRps?.map(short) ?? null),
    peakRps: outcomes.map((server) => (server ? short(server.peakRps) : null)),
    p95Ms: outcomes.map((server) => server?.p95Ms ?? null),
  };
}

function changes(before: Int32Array, after: Int32Array): number[] {
  return [...after.keys()].flatMap((cell) => (after[cell] === before[cell] ? [] : [cell, after[cell]!]));
}

/** The cell of each row of the plan's demand; -1 for those of unlocated places. */
function cellsOfRows({ cube, demand }: PlanState, cells: ReadonlyMap<string, number>, resolution: number): Int32Array {
  const { cellLow, cellHigh } = cube.places;
  return Int32Array.from({ length: demand.rows }, (_, row) => {
    const [low, high] = [cellLow[demand.place[row]!]!, cellHigh[demand.place[row]!]!];
    return high === 0 ? -1 : (cells.get(cellText(parentLow(low, resolution), parentHigh(high, resolution))) ?? -1);
  });
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

const short = (rps: number): number => Number(rps.toPrecision(4));
const rounded = (degrees: number): number => Math.round(degrees * 1000) / 1000;
