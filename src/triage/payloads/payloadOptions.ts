/** What payloads need beside the alerts. */
export interface PayloadOptions {
  /** When the payload is made, epoch milliseconds; without it, records say no time of their own. */
  readonly nowMs?: number;
  /** Who says so: a URI reference; default `geopivot`. */
  readonly source?: string;
  /** Where the picture is: http or https. */
  readonly reportUrl?: string;
  /** More labels for Alertmanager, the same for every alert that ever goes there. */
  readonly labels?: Readonly<Record<string, string>>;
  /** PagerDuty's integration key; default the empty string, to be filled in by who sends it. */
  readonly routingKey?: string;
  /** Default the empty string, which leaves it out. */
  readonly productVersion?: string;
}

/** A JSON object. */
export type PayloadObject = Readonly<Record<string, unknown>>;
