import type { Shapes } from "../../core/options/shape.js";
import { epochMs, recordOf, text } from "../../core/options/shapes.js";

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

/** What each option takes. */
export const PAYLOAD_OPTIONS: Shapes<PayloadOptions> = {
  nowMs: epochMs,
  ...{ source: text, reportUrl: text, routingKey: text, productVersion: text },
  labels: recordOf(text, "an object of labels by name"),
};

/** A JSON object. */
export type PayloadObject = Readonly<Record<string, unknown>>;
