import type { FailoverCase, Overflow, ServerOutcome, Shedding, Verdict } from "./failoverCase.js";
import type { FlowChanges } from "./failoverSolver.js";
import { LatencyMix, type LatencyParts } from "./latencyMix.js";
import { rateSpread } from "./loadSpread.js";
import { loadsOfShares, nearestShares } from "./nearestLoads.js";
import type { PlanState } from "./planState.js";

/** Half of a 90% interval, in standard deviations. */
const HALF_OF_90 = 1.6449;
/** A server as full as this has no room. */
const FULL = 1 - 1e-9;

/** Adds up one failure over the hours looked at. */
export class CaseTally {
  readonly #state: PlanState;
  readonly #down: readonly number[];
  readonly #slots: number[] = [];
  /** A column a slot looked at. */
  readonly #loads: Float64Array[] = [];
  readonly #shed: Float64Array[] = [];
  readonly #flow: Float64Array;
  #isDifference = false;

  constructor(state: PlanState, down: readonly number[]) {
    this.#state = state;
    this.#down = down;
    this.#flow = new Float64Array(state.demand.rows * (state.names.length + 1));
  }

  /** Sum of the flows of the slots, rows × (servers + 1). */
  get flow(): Float64Array {
    return this.#flow;
  }

  /** @param changes - where given for every slot, sums are kept of what differs from all servers up, which is far less */
  add(slot: number, flow: Float64Array, load: Float64Array, changes: FlowChanges | null = null): void {
    const { names, demand, priorities } = this.#state;
    const width = names.length + 1;
    if (changes === null) addAll(this.#flow, flow);
    else addChanges(this.#flow, flow, changes, width);
    this.#isDifference = changes !== null;
    this.#slots.push(slot);
    this.#loads.push(load.slice(0, names.length));
    const shed = new Float64Array(priorities.length + 1);
    if (load[names.length]! > 0)
      for (let row = 0, at = names.length; row < demand.rows; row++, at += width)
        if (flow[at]! > 0) shed[demand.rank[row]!]! += flow[at]!;
    this.#shed.push(shed);
  }

  /** @param healthy - the same with all servers; @param withLatency - whether quantiles are worth their time */
  result(healthy: CaseTally, withLatency: boolean): FailoverCase {
    const { names } = this.#state;
    if (this.#isDifference) addHealthy(this.#flow, healthy.#flow);
    this.#isDifference = false;
    const latencies = withLatency ? this.#latencies() : null;
    const servers = names.map((name, s) => this.#server(name, s, latencies?.[s] ?? null, withLatency));
    const overflow = this.#overflow();
    const shed = this.#shedding();
    const all = latencies?.[names.length] ?? null;
    return {
      down: this.#down.map((server) => names[server]!),
      verdict: verdictOf(servers, overflow, shed),
      ...this.#moved(healthy),
      meanMs: this.#meanMs(),
      p50Ms: all?.p50Ms ?? null,
      p95Ms: all?.p95Ms ?? null,
      servers: servers.filter((_, s) => !this.#down.includes(s)),
      overflow,
      shed,
    };
  }

  #server(name: string, s: number, latency: Quantiles | null, withLoads: boolean): ServerOutcome {
    const limit = this.#state.capacity[s]!;
    const peak = this.#loads.reduce((best, load, at) => (load[s]! > this.#loads[best]![s]! ? at : best), 0);
    const peakRps = this.#loads[peak]![s]!;
    const half = HALF_OF_90 * rateSpread(peakRps, this.#slots[peak]!, this.#state.spread);
    const hasLimit = Number.isFinite(limit);
    return {
      name,
      capacityRps: hasLimit ? limit : null,
      peakRps,
      peakLow: Math.max(0, peakRps - half),
      peakHigh: hasLimit ? Math.min(limit, peakRps + half) : peakRps + half,
      peakSlot: this.#slots[peak]!,
      loadRps: withLoads ? this.#loads.map((load) => load[s]!) : null,
      utilization: hasLimit ? (limit > 0 ? peakRps / limit : peakRps > 0 ? Number.POSITIVE_INFINITY : 0) : null,
      hoursFull: hasLimit ? this.#loads.filter((load) => load[s]! > 0 && load[s]! >= FULL * limit).length : 0,
      p50Ms: latency?.p50Ms ?? null,
      p95Ms: latency?.p95Ms ?? null,
    };
  }

  /** Of each server, and of all together last. */
  #latencies(): Quantiles[] {
    const { names, demand, costs, excess } = this.#state;
    const parts: LatencyParts = { servers: names.length, ms: costs.ms, spread: costs.spread, excess };
    const mixes = Array.from({ length: names.length + 1 }, () => new LatencyMix());
    for (let row = 0; row < demand.rows; row++)
      for (let s = 0; s < names.length; s++) {
        const amount = this.#flow[row * (names.length + 1) + s]!;
        if (amount === 0) continue;
        mixes[s]!.add(parts, row, s, amount);
        mixes[names.length]!.add(parts, row, s, amount);
      }
    return mixes.map((mix) => ({ p50Ms: known(mix.quantile(0.5)), p95Ms: known(mix.quantile(0.95)) }));
  }

  #overflow(): Overflow[] {
    const { names, capacity } = this.#state;
    if (capacity.every((limit) => limit === Number.POSITIVE_INFINITY)) return [];
    const shares = nearestShares(this.#state, this.#down);
    const loads = loadsOfShares(this.#state, shares, this.#slots);
    return names.flatMap((name, s) => {
      const over = loads.map((load) => load[s]! / capacity[s]!);
      const slots = this.#slots.filter((_, at) => over[at]! > 1 + 1e-9);
      return slots.length > 0 ? [{ name, slots, worst: Math.max(...over) }] : [];
    });
  }

  #shedding(): Shedding {
    const { priorities } = this.#state;
    const all = this.#flow.reduce((sum, amount) => sum + amount, 0);
    const sums = this.#shed.map((shed) => shed.reduce((sum, amount) => sum + amount, 0));
    const lost = sums.reduce((sum, amount) => sum + amount, 0);
    const asked = this.#askedByRank();
    return {
      share: all > 0 ? lost / all : 0,
      peakRps: Math.max(0, ...sums),
      slots: this.#slots.filter((_, at) => sums[at]! > 1e-9 * all),
      byPriority: [...priorities, ""].map((service, rank) => {
        const amount = this.#shed.reduce((sum, shed) => sum + shed[rank]!, 0);
        return { service, share: asked[rank]! > 0 ? amount / asked[rank]! : 0 };
      }),
    };
  }

  #askedByRank(): Float64Array {
    const { names, demand, priorities } = this.#state;
    const asked = new Float64Array(priorities.length + 1);
    const width = names.length + 1;
    for (let at = 0; at < this.#flow.length; at++) asked[demand.rank[Math.floor(at / width)]!]! += this.#flow[at]!;
    return asked;
  }

  /** What is shed neither moves nor becomes slower. */
  #moved(healthy: CaseTally): { movedShare: number; addedMs: number } {
    const { names, demand, costs } = this.#state;
    const servers = names.length;
    let [moved, added, all] = [0, 0, 0];
    for (let row = 0; row < demand.rows; row++) {
      let [before, beforeMs] = [0, 0];
      for (let s = 0; s < servers; s++) {
        const at = row * (servers + 1) + s;
        const [now, then] = [this.#flow[at]!, healthy.#flow[at]!];
        before += then;
        beforeMs += then * costs.ms[row * servers + s]!;
        all += now;
        moved += Math.max(0, now - then);
        added += (now - then) * costs.ms[row * servers + s]!;
      }
      const shed = this.#flow[row * (servers + 1) + servers]!;
      all += shed;
      if (before > 0) added += ((shed - healthy.#flow[row * (servers + 1) + servers]!) * beforeMs) / before;
    }
    return { movedShare: all > 0 ? moved / all : 0, addedMs: moved > 1e-9 * all ? added / moved : 0 };
  }

  #meanMs(): number {
    const { names, demand, costs } = this.#state;
    let [total, sum] = [0, 0];
    for (let row = 0; row < demand.rows; row++)
      for (let s = 0; s < names.length; s++) {
        const amount = this.#flow[row * (names.length + 1) + s]!;
        total += amount;
        sum += amount * costs.ms[row * names.length + s]!;
      }
    return total > 0 ? sum / total : 0;
  }
}

function addAll(sum: Float64Array, flow: Float64Array): void {
  for (let at = 0; at < sum.length; at++) sum[at]! += flow[at]!;
}

/** Differences and what they are of; what rounding leaves of a flow that went away is nothing. */
function addHealthy(difference: Float64Array, healthy: Float64Array): void {
  for (let at = 0; at < difference.length; at++) {
    const sum = difference[at]! + healthy[at]!;
    difference[at] = sum <= 1e-9 * healthy[at]! ? 0 : sum;
  }
}

function addChanges(sum: Float64Array, flow: Float64Array, { rows, from }: FlowChanges, width: number): void {
  for (let i = 0; i < rows.length; i++) {
    const start = rows[i]! * width;
    for (let at = start; at < start + width; at++) sum[at]! += flow[at]! - from[at]!;
  }
}

interface Quantiles {
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

const known = (value: number): number | null => (Number.isNaN(value) ? null : value);

function verdictOf(servers: readonly ServerOutcome[], overflow: readonly Overflow[], shed: Shedding): Verdict {
  if (shed.slots.length > 0) return "sheds";
  if (overflow.length > 0) return "overflows";
  return servers.some(({ hoursFull }) => hoursFull > 0) ? "tight" : "holds";
}
