/** A server in a failure, in the hours of a week that the log tells of. Loads are requests a second, times milliseconds. */
export interface ServerOutcome {
  readonly name: string;
  /** null: no limit is known. */
  readonly capacityRps: number | null;
  /** The busiest hour's, with a 90% interval. */
  readonly peakRps: number;
  readonly peakLow: number;
  readonly peakHigh: number;
  /** Hour of the week, 0 is Monday 00:00 UTC. */
  readonly peakSlot: number;
  /** Each hour's, in the order of the plan's `slots`; null for double failures, which are not looked at in all of them. */
  readonly loadRps: readonly number[] | null;
  /** Peak over capacity; null without one. */
  readonly utilization: number | null;
  /** Hours in which it is full, and others take what would be better off here. */
  readonly hoursFull: number;
  /** Over the week; null where no latencies are known, and for double failures. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

/** A server that would be given more than it can take if DNS sent everybody to the nearest that is up. */
export interface Overflow {
  readonly name: string;
  /** Hours of the week in which it would. */
  readonly slots: readonly number[];
  /** The busiest of them over the capacity. */
  readonly worst: number;
}

export interface Shedding {
  /** Share of the requests of the hours looked at that no server has room for. */
  readonly share: number;
  readonly peakRps: number;
  readonly slots: readonly number[];
  /** By service, as `priorities` names them, the most important first; the last entry, named "", is of all others. */
  readonly byPriority: readonly { readonly service: string; readonly share: number }[];
}

/** holds: the plan and DNS by distance both do; tight: the plan fills a server; overflows: by distance a server would get too much; sheds: there is not enough room at all. */
export type Verdict = "holds" | "tight" | "overflows" | "sheds";

/** What becomes of the traffic if these servers are lost and the plan is followed. */
export interface FailoverCase {
  readonly down: readonly string[];
  readonly verdict: Verdict;
  /** Share of requests that change their server, of those of the hours looked at. */
  readonly movedShare: number;
  /** Mean milliseconds that a request that moves takes longer. */
  readonly addedMs: number;
  /** Mean of what the model says of the requests served. */
  readonly meanMs: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly servers: readonly ServerOutcome[];
  readonly overflow: readonly Overflow[];
  readonly shed: Shedding;
}
