/** A place to ask about. */
export interface ClientPlace {
  /** Degrees. */
  readonly lat: number;
  readonly lon: number;
  /** How far from there the client may be. Default 0. */
  readonly accuracyKm?: number;
  /** The client's network, as samples or the cube's dimension name it. */
  readonly network?: string;
}

/** What a client at a place sees of a server: milliseconds, and where 90% of the truths lie. */
export interface LatencyPrediction {
  readonly ms: number;
  readonly low: number;
  readonly high: number;
  /** Whether the pair itself was measured. */
  readonly measured: boolean;
}
