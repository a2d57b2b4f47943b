import { IPV4 } from "../../core/addressColumn.js";
import { Dictionary } from "../../core/dictionary.js";
import type { Events } from "../../core/events.js";
import { nameColumn } from "../../core/nameColumn.js";
import type { Locator } from "../../locate/locator.js";
import { PATHS } from "./paths.js";
import { popOf } from "./pops.js";
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
  const pops = new Dictionary();
  const codes = PATHS.map((p) => [services.code(p.service), paths.code(p.path), methods.code(p.method)] as const);
  const releases = RELEASES.map((release) => versions.code(release));
  for (const { rows, order } of traffic.hours()) {
    for (let from = 0; from < order.length; from += BATCH) {
      const part = order.subarray(from, from + BATCH);
      const n = part.length;
      const [timeMs, latencyMs, value] = [new Float64Array(n), new Float32Array(n), new Uint32Array(n)];
      const [service, path, method, version, pop] = [
        new Uint32Array(n),
        new Uint32Array(n),
        new Uint32Array(n),
        new Uint32Array(n),
        new Uint32Array(n),
      ];
      const status = new Uint16Array(n);
      for (let k = 0; k < n; k++) {
        const i = part[k]!;
        const code = codes[rows.path[i]!]!;
        [service[k], path[k], method[k]] = code;
        timeMs[k] = rows.timeMs[i]!;
        latencyMs[k] = rows.latencyMs[i]!;
        value[k] = rows.address[i]!;
        status[k] = rows.status[i]!;
        version[k] = releases[rows.version[i]!]!;
        pop[k] = pops.code(popOf(plan.communities[rows.city[i]!]!, rows.address[i]!, plan.texture.pops));
      }
      const client = { length: n, family: new Uint8Array(n).fill(IPV4), value, words: new Uint32Array(0) };
      const place = new Uint32Array(n);
      const network = new Uint32Array(n);
      locator.locateColumn(client, place, network);
      yield {
        length: n,
        timeMs,
        client,
        place,
        network,
        status,
        latencyMs,
        bytes: new Float64Array(n).fill(2000),
        user: nameColumn(Array.from(part, (i) => userName(plan, rows.user[i]!))),
        dimensions: new Map([
          ["service", { codes: service, dictionary: services }],
          ["path", { codes: path, dictionary: paths }],
          ["method", { codes: method, dictionary: methods }],
          ["version", { codes: version, dictionary: versions }],
          ...(plan.texture.pops > 0 ? ([["pop", { codes: pop, dictionary: pops }]] as const) : []),
        ]),
        places: locator.places,
        networks: locator.networks,
      };
    }
  }
}
