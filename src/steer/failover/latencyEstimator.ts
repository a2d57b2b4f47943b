/** A server to plan with. */
export interface PlannedServer {
  readonly name: string;
  /** Degrees. */
  readonly lat: number;
  readonly lon: number;
  /** The most requests a second that it serves; default: no limit. */
  readonly capacityRps?: number;
}

/** A place as a latency model is asked about it; degrees and kilometres. */
export interface EstimatedPlace {
  readonly lat: number;
  readonly lon: number;
  readonly accuracyKm?: number;
}

/** What a client would see of a server: milliseconds with a 90% interval. */
export interface LatencyEstimate {
  readonly ms: number;
  readonly low: number;
  readonly high: number;
  /** Whether the log has the pair. */
  readonly measured: boolean;
}

/** Whatever predicts latencies: `latencyModel()` does, and so may a table of one's own. */
export interface LatencyEstimator {
  predict(place: EstimatedPlace, server: string): LatencyEstimate;
}
