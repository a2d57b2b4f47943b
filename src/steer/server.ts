/** A server that clients can be sent to: a PoP, a cloud region, a data centre. */
export interface Server {
  /** As the log names it. */
  readonly name: string;
  /** Degrees. */
  readonly lat: number;
  readonly lon: number;
  /** How far from there it may stand. Default 0. */
  readonly accuracyKm?: number;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
  readonly city?: string;
  /** The most requests a second that it serves; default: no limit. */
  readonly capacityRps?: number;
}
