import type { FieldMeanings } from "../fields/fieldMap.js";
import { knownField } from "../fields/knownFields.js";
import type { PairSyntax } from "../text/pairsScanner.js";
import { besidesKnown } from "./besidesKnown.js";
import { fieldTable } from "./fieldTable.js";

/** A log of named values, a record a line. */
export interface PairFormat extends PairSyntax {
  readonly kind: "pairs";
  readonly name: string;
  readonly title: string;
  readonly fields: FieldMeanings;
}

/** Logs of named values, the more particular first. */
export const PAIR_FORMATS: readonly PairFormat[] = [
  {
    kind: "pairs",
    name: "heroku",
    title: "Heroku router",
    ...{ assign: "=", tabs: false },
    // The router's peer is whoever sent the request: it writes the headers' clients before it.
    fields: fieldTable({
      time: ["time", "ts"],
      address: [],
      forwardedFor: ["fwd"],
      status: ["status"],
      latency: { service: "ms" },
      bytes: ["bytes"],
      path: ["path"],
      dimensions: { method: ["method"], host: ["host"], service: ["dyno"], code: ["code"] },
    }),
  },
  { kind: "pairs", name: "logfmt", title: "logfmt", assign: "=", tabs: false, fields: knownField },
  {
    kind: "pairs",
    name: "ltsv",
    title: "LTSV",
    ...{ assign: ":", tabs: true },
    // http://ltsv.org: `host` is the client, `vhost` the virtual host, `reqtime` in seconds.
    fields: besidesKnown(
      fieldTable({
        time: ["time"],
        address: ["host"],
        forwardedFor: ["forwardedfor"],
        status: ["status"],
        latency: { reqtime: "s", reqtime_microsec: "us", apptime: "s" },
        bytes: ["size"],
        user: ["user"],
        path: ["uri"],
        request: ["req"],
        dimensions: {
          method: ["method"],
          host: ["vhost"],
          user_agent: ["ua"],
          referrer: ["referer"],
          cache: ["cache"],
        },
      }),
    ),
  },
];
