import type { Shapes } from "../../core/options/shape.js";
import { having, list, nullable, number, recordOf, text } from "../../core/options/shapes.js";
import type { Cube } from "../../cube/cube.js";
import { SERVER_LIST } from "../checkServers.js";
import { type DemandBySlot, demandBySlot, SLOTS } from "./demandBySlot.js";
import { planError } from "./errors.js";
import { excessLatency } from "./excessLatency.js";
import type { LatencyEstimator, PlannedServer } from "./latencyEstimator.js";
import { type LoadSpread, loadSpread, seenSlots } from "./loadSpread.js";
import { type PlanCosts, planCosts } from "./planCosts.js";

/** Where clients go: by this plan, or as DNS by distance sends them. */
export type Steering = "plan" | "nearest";

export interface PlanOptions {
  readonly servers: readonly PlannedServer[];
  /** `latencyModel()` of the same cube, or a table of one's own. */
  readonly model: LatencyEstimator;
  /** Requests a second by server; overrides the catalogue's. Default: no limit. */
  readonly capacity?: Readonly<Record<string, number>>;
  /** Names of services, the most important first: what is not named is shed first. Needs the cube's dimension `service`. */
  readonly priorities?: readonly string[];
  /** The cube's dimension that tells which server answered. Default "pop" where the cube has it. */
  readonly serverDimension?: string | null;
}

/** What each option takes. */
export const PLAN_OPTIONS: Shapes<PlanOptions> = {
  servers: SERVER_LIST,
  model: having("a model: latencyModel({ servers, cube })", "predict"),
  capacity: recordOf(number, "an object of requests a second by server"),
  priorities: list(text, "services"),
  serverDimension: nullable(text),
};

/** Everything that plans are made of, checked. */
export interface PlanState {
  readonly cube: Cube;
  readonly servers: readonly PlannedServer[];
  readonly names: readonly string[];
  /** Requests a second; Infinity where there is no limit. */
  readonly capacity: Float64Array;
  readonly priorities: readonly string[];
  readonly demand: DemandBySlot;
  readonly costs: PlanCosts;
  readonly excess: Float32Array;
  readonly spread: LoadSpread;
  /** The slots that the log tells of, ascending. */
  readonly slots: readonly number[];
  readonly knowsToday: boolean;
}

/** Checks options and sums the cube up. Throws `bad-plan-option`, `no-such-server` and `no-traffic`. */
export function planState(cube: Cube, options: PlanOptions): PlanState {
  const { servers, model, capacity = {}, priorities = [] } = options;
  const names = servers.map(({ name }) => name);
  checkServers(servers);
  for (const name of Object.keys(capacity))
    if (!names.includes(name)) throw planError("no-such-server", { server: name, known: names });
  const named = cube.dimensions.some(({ name }) => name === "pop") ? "pop" : null;
  const serverDimension = options.serverDimension === undefined ? named : options.serverDimension;
  const demand = demandBySlot(cube, { servers: names, serverDimension, priorities });
  const costs = planCosts(cube, demand, servers, model);
  return {
    cube,
    servers,
    names,
    capacity: Float64Array.from(servers, (server) => limitOf(server, capacity)),
    priorities,
    demand,
    costs,
    excess: excessLatency(cube, demand, costs, servers.length),
    spread: loadSpread(cube, demand, servers.length),
    slots: seenSlots(demand),
    knowsToday: serverDimension !== null,
  };
}

/** Positions of servers by name. Throws `no-such-server`, and `bad-plan-option` where none would be left. */
export function serversNamed({ names }: Pick<PlanState, "names">, down: readonly string[]): number[] {
  const found = down.map((name) => {
    const server = names.indexOf(name);
    if (server < 0) throw planError("no-such-server", { server: name, known: names });
    return server;
  });
  const distinct = [...new Set(found)].sort((a, b) => a - b);
  if (distinct.length === names.length)
    throw planError("bad-plan-option", { option: "down", value: down.join(","), expected: "a server to be left" });
  return distinct;
}

/** The demand of one slot, requests a second a row: a view. */
export function rateOf({ demand }: Pick<PlanState, "demand">, slot: number): Float64Array {
  return demand.rate.subarray(slot * demand.rows, (slot + 1) * demand.rows);
}

/** Mean rate of each row over the slots of the log. */
export function meanRates(state: PlanState): Float64Array {
  const mean = new Float64Array(state.demand.rows);
  for (const slot of state.slots) {
    const rates = rateOf(state, slot);
    for (let row = 0; row < mean.length; row++) mean[row]! += rates[row]! / state.slots.length;
  }
  return mean;
}

/** "Tue 14:00" for a slot. */
export function slotName(slot: number): string {
  const days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
  return `${days[Math.floor((slot % SLOTS) / 24)]} ${String(slot % 24).padStart(2, "0")}:00`;
}

function limitOf(server: PlannedServer, capacity: Readonly<Record<string, number>>): number {
  const limit = Object.hasOwn(capacity, server.name) ? capacity[server.name]! : server.capacityRps;
  if (limit === undefined) return Number.POSITIVE_INFINITY;
  if (limit >= 0) return limit;
  throw planError("bad-plan-option", {
    option: `capacity of ${server.name}`,
    value: String(limit),
    expected: "requests a second, 0 or more",
  });
}

function checkServers(servers: readonly PlannedServer[]): void {
  if (servers.length === 0)
    throw planError("bad-plan-option", { option: "servers", value: "empty", expected: "at least one server" });
  const seen = new Set<string>();
  for (const { name, lat, lon } of servers) {
    const isPoint = Math.abs(lat) <= 90 && Math.abs(lon) <= 360;
    if (name === "" || seen.has(name) || !isPoint)
      throw planError("bad-plan-option", {
        option: "servers",
        value: JSON.stringify({ name, lat, lon }),
        expected: "names that occur once, with latitude and longitude in degrees",
      });
    seen.add(name);
  }
}
