import { triageError } from "../errors.js";

/** How alerts are sent; `cloudevents` is for webhooks of one's own and event buses. */
export type ReceiverFormat = "alertmanager" | "pagerduty" | "slack" | "teams" | "cloudevents" | "otlp";

/** Where alerts go, under the name that routes of a policy use. Secrets in it come from the caller, never from a policy. */
export interface Receiver {
  readonly name: string;
  readonly format: ReceiverFormat;
  /**
   * http or https, without credentials in it. Of `alertmanager` and `otlp` the base is enough. Default for `pagerduty`:
   * its public endpoint. A webhook's address is a secret: no error, report or state holds more than its host.
   */
  readonly url?: string;
  /** Sent along, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** PagerDuty's integration key. */
  readonly routingKey?: string;
  /** More labels for Alertmanager, the same for every alert. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A receiver that was checked, with the whole address. */
export interface CheckedReceiver extends Omit<Receiver, "url"> {
  readonly url: URL;
}

const PAGERDUTY = "https://events.pagerduty.com/v2/enqueue";
const PATHS: Readonly<Partial<Record<ReceiverFormat, string>>> = {
  alertmanager: "/api/v2/alerts",
  otlp: "/v1/logs",
};

/** Throws `bad-receiver`, which names the receiver and what is wrong, and nothing that may be secret. */
export function checkReceiver(receiver: Receiver): CheckedReceiver {
  const { name, format, url: text = format === "pagerduty" ? PAGERDUTY : "", headers = {} } = receiver;
  const fail = (problem: string): never => {
    throw triageError("bad-receiver", { receiver: name.slice(0, 100), problem });
  };
  if (name.trim() === "") fail("has no name");
  if (!URL.canParse(text)) fail("has no address, or one that is none");
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol)) fail(`has an address of ${url.protocol} where http: or https: should be`);
  if (url.username !== "" || url.password !== "") fail("has credentials in its address: give a header");
  if (format === "pagerduty" && !receiver.routingKey) fail("has no routing key");
  for (const [header, value] of Object.entries(headers))
    if (!isHeader(header, value)) fail(`has a header ${JSON.stringify(header.slice(0, 100))} that is none`);
  const path = PATHS[format];
  if (path !== undefined && !url.pathname.endsWith(path)) url.pathname = url.pathname.replace(/\/*$/, path);
  return { ...receiver, url };
}

/** RFC 9110, 5.1 and 5.5. */
function isHeader(name: string, value: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}
