import type { Signal } from "../signals/signal.js";
import type { Verdict } from "./clientGuard.js";
import type { ChosenZone } from "./posteriorZone.js";

/** Something that happened in a region, in buckets and sites. */
export interface Incident {
  readonly signal: Signal;
  /** A site of the zone that alarmed, and that zone's kind: known from the first, however the outline grows. */
  readonly seed: number;
  readonly seedKind: string;
  zone: ChosenZone;
  /** First and last bucket. */
  from: number;
  to: number;
  /** How many of its buckets are no longer there, before the first. Default none. */
  lost?: number;
  /** The bucket after which it was told. */
  readonly detected: number;
  readonly negLogP: number;
  /** What the negLogP had to exceed. */
  readonly threshold: number;
  /** What was open about the expectation of each site then, as of the signal: relative variance and deviation. */
  readonly own: Float64Array;
  readonly shared: Float64Array;
  /** Who is behind it, where that was asked. */
  readonly clients?: Verdict;
}

/** An incident as JSON says it, its buckets counted from 1970. */
export type IncidentState = Omit<Incident, "signal" | "own" | "shared"> & {
  readonly own: readonly number[];
  readonly shared: readonly number[];
};

/** An incident to be saved. @param firstBucket - the number of bucket 0 */
export function incidentState({ signal: _, ...incident }: Incident, firstBucket: number): IncidentState {
  return {
    ...incident,
    ...moved(incident, firstBucket),
    own: Array.from(incident.own),
    shared: Array.from(incident.shared),
  };
}

/** The incident that was saved. */
export function putIncident(state: IncidentState, signal: Signal, firstBucket: number): Incident {
  return {
    ...state,
    ...kept(moved(state, -firstBucket), state.lost ?? 0),
    signal,
    own: Float64Array.from(state.own),
    shared: Float64Array.from(state.shared),
  };
}

/** What is left of an incident whose first buckets are no longer there. */
function kept<T extends { from: number }>(span: T, lost: number): T & { lost: number } {
  const gone = Math.max(0, -span.from);
  return { ...span, from: span.from + gone, lost: lost + gone };
}

const moved = ({ from, to, detected }: Pick<Incident, "from" | "to" | "detected">, by: number) => ({
  from: from + by,
  to: to + by,
  detected: detected + by,
});
