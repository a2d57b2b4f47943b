/** One line of a simulated log, under the field names of the project's own NDJSON format. */
export interface SimulatedRequest {
  /** ISO 8601. */
  readonly ts: string;
  readonly ip: string;
  readonly status: number;
  readonly latency_ms: number;
  readonly user?: string;
  readonly service: string;
  readonly method: string;
  readonly path: string;
  readonly version: string;
  /** The PoP that answered, where the log says it: one of the texture's, or of the spec's servers. */
  readonly pop?: string;
  readonly bytes: number;
}
