import { IPV4 } from "../../core/addressColumn.js";
import { Dictionary } from "../../core/dictionary.js";
import type { Events } from "../../core/events.js";
import { nameColumn } from "../../core/nameColumn.js";
import type { Locator } from "../../locate/locator.js";
import { PATHS } from "./paths.js";
import { RELEASES, userName } from "./requestOf.js";
import type { TexturedTraffic, TexturePlan } from "./texturedTraffic.js";

/** Rows of a batch, about. */
const BATCH = 100_000;

/** Textured traffic as batches of events, in time order: what reading its log would give, without the log. */
export function* texturedEvents(traffic: TexturedTraffic, plan: TexturePlan, locator: Locator): Generator<Events> {
  const services = Dictionary.from(PATHS.map((p) => p.service));
  const paths = Dictionary.from(PATHS.map((p) => p.path));
  const methods = Dictionary.from(PATHS.map((p) => p.method));
  const versions = Dictionary.from(RELEASES);
  const codes = PATHS.map((p) => [services.code(p.service), paths.code(p.path), methods.code(p.method)] as const);
  for (const { rows, order } of traffic.hours()) {
    for (let from = 0; from < order.length; from += BATCH) {
      const part = order.subarray(from, from + BATCH);
      const n = part.length;
      const column = (of: 0 | 1 | 2) => Uint32Array.from(part, (i) => codes[rows.path[i]!]![of]);
      const client = {
        length: n,
        family: new Uint8Array(n).fill(IPV4),
        value: Uint32Array.from(part, (i) => rows.address[i]!),
        words: new Uint32Array(0),
      };
      const place = new Uint32Array(n);
      const network = new Uint32Array(n);
      locator.locateColumn(client, place, network);
      yield {
        length: n,
        timeMs: Float64Array.from(part, (i) => rows.timeMs[i]!),
        client,
        place,
        network,
        status: Uint16Array.from(part, (i) => rows.status[i]!),
        latencyMs: Float32Array.from(part, (i) => rows.latencyMs[i]!),
        bytes: new Float64Array(n).fill(2000),
        user: nameColumn(Array.from(part, (i) => userName(plan, rows.user[i]!))),
        dimensions: new Map([
          ["service", { codes: column(0), dictionary: services }],
          ["path", { codes: column(1), dictionary: paths }],
          ["method", { codes: column(2), dictionary: methods }],
          [
            "version",
            { codes: Uint32Array.from(part, (i) => versions.code(RELEASES[rows.version[i]!]!)), dictionary: versions },
          ],
        ]),
        places: locator.places,
        networks: locator.networks,
      };
    }
  }
}
