import { checkArgument, checkOptions } from "../../core/options/checkOptions.js";
import type { Shapes } from "../../core/options/shape.js";
import { having, text } from "../../core/options/shapes.js";
import type { Cube } from "../../cube/cube.js";
import { CUBE } from "../../cube/cubeShape.js";
import { cellText } from "../../grid/cellText.js";
import { SERVER_LIST } from "../checkServers.js";
import type { GroupOptions } from "../latency/groupServers.js";
import { type LatencyModel, latencyModel } from "../latencyModel.js";
import type { Server } from "../server.js";
import { type ServedClients, servedClients } from "./servedClients.js";

/** What some requests lose by who serves them. Milliseconds are means a request. */
export interface Regret {
  readonly requests: number;
  /** As the log has it. */
  readonly todayMs: number;
  /** If all of them went to the server that is best for them. */
  readonly bestMs: number;
  /** `todayMs` − `bestMs`. */
  readonly regretMs: number;
  /** Requests that another server would answer sooner. */
  readonly misplaced: number;
  /** Those of them for which the 90% intervals of the two servers do not meet. */
  readonly surelyMisplaced: number;
}

export interface PlaceCatchment extends Regret {
  readonly country: string;
  readonly region: string;
  readonly city: string;
  /** Degrees. */
  readonly lat: number;
  readonly lon: number;
  /** H3 index at the cube's resolution. */
  readonly cell: string;
  /** The server that most of its requests went to. */
  readonly today: string;
  readonly best: string;
}

export interface ServerCatchment {
  readonly server: string;
  /** Requests as the log has them, and if everybody went to the best server. */
  readonly today: number;
  readonly best: number;
}

export interface Catchments {
  readonly total: Regret;
  readonly servers: readonly ServerCatchment[];
  /** By what they lose in all, most first; the same holds for regions and networks. */
  readonly places: readonly PlaceCatchment[];
  readonly regions: readonly (Regret & { readonly country: string; readonly region: string })[];
  /** Empty where the cube has no dimension of networks. */
  readonly networks: readonly (Regret & { readonly network: string })[];
  /** Requests that are in none of it: without coordinates, or answered by none of the servers. */
  readonly leftOut: number;
  /** As the catalogue has them. */
  readonly catalogue: readonly Server[];
}

export interface CatchmentOptions extends GroupOptions {
  /** Default: `latencyModel()` of the same cube. */
  readonly model?: LatencyModel;
}

/** What each option takes. */
export const CATCHMENT_OPTIONS: Shapes<CatchmentOptions> = {
  serverDimension: text,
  networkDimension: text,
  model: having("a model: latencyModel({ servers, cube })", "withServers"),
};

/**
 * Who is served by whom today, who should be, and what the difference costs: by place, region and network.
 *
 * Both sides of every difference are the model's: what was measured where the log has the pair, else predicted. A place
 * that goes to its second best by a hair is misplaced, too; `surelyMisplaced` counts only what the model is sure of.
 *
 * Throws `bad-servers` and `bad-steer-option`.
 */
export function catchments(cube: Cube, servers: readonly Server[], options: CatchmentOptions = {}): Catchments {
  checkArgument("catchments", "the first argument", cube, CUBE);
  checkArgument("catchments", "the second argument", servers, SERVER_LIST);
  checkOptions("catchments", options, CATCHMENT_OPTIONS);
  const model = (options.model ?? latencyModel({ cube, servers, ...dimensionsOf(options) })).withServers(servers);
  const { clients, leftOut } = servedClients(cube, servers, options);
  const judged = clients.map((client) => judge(client, model));
  const { places } = cube;
  const by = <K>(keyOf: (one: Judged) => K): [K, Judged[]][] => grouped(judged, keyOf);
  return {
    total: regretOf(judged),
    servers: servers.map(({ name }, s) => ({
      server: name,
      today: judged.reduce((sum, { client }) => sum + client.requests[s]!, 0),
      best: judged.reduce((sum, { best, regret }) => sum + (best === s ? regret.requests : 0), 0),
    })),
    places: by(({ client }) => client.place).map(([row, all]) => ({
      country: places.countries.value(places.country[row]!),
      region: places.regions.value(places.region[row]!),
      city: places.cities.value(places.city[row]!),
      lat: places.lat[row]!,
      lon: places.lon[row]!,
      cell: cellText(places.cellLow[row]!, places.cellHigh[row]!),
      today: servers[busiest(all.map(({ client }) => client.requests))]!.name,
      best: servers[busiest(all.map((one) => servers.map((_, s) => (one.best === s ? one.regret.requests : 0))))]!.name,
      ...regretOf(all),
    })),
    regions: by(({ client }) => `${places.country[client.place]} ${places.region[client.place]}`).map(([, all]) => {
      const row = all[0]!.client.place;
      const country = places.countries.value(places.country[row]!);
      return { country, region: places.regions.value(places.region[row]!), ...regretOf(all) };
    }),
    networks: by(({ client }) => client.network)
      .filter(([network]) => network !== "")
      .map(([network, all]) => ({ network, ...regretOf(all) })),
    leftOut,
    catalogue: servers,
  };
}

/** Clients of one place and network, judged. */
interface Judged {
  readonly client: ServedClients;
  /** Position of the best server. */
  readonly best: number;
  readonly regret: Regret;
}

function judge(client: ServedClients, model: LatencyModel): Judged {
  const told = model.servers.map(({ name }) => model.predict(client.where, name));
  const best = told.reduce((least, one, s) => (one.ms < told[least]!.ms ? s : least), 0);
  let [requests, today, misplaced, surelyMisplaced] = [0, 0, 0, 0];
  client.requests.forEach((count, s) => {
    requests += count;
    today += count * told[s]!.ms;
    if (told[s]!.ms > told[best]!.ms) misplaced += count;
    if (told[s]!.low > told[best]!.high) surelyMisplaced += count;
  });
  const [todayMs, bestMs] = [today / requests, told[best]!.ms];
  return {
    client,
    best,
    regret: { requests, todayMs, bestMs, regretMs: todayMs - bestMs, misplaced, surelyMisplaced },
  };
}

function regretOf(all: readonly Judged[]): Regret {
  const sum = (value: (regret: Regret) => number): number =>
    all.reduce((total, { regret }) => total + value(regret), 0);
  const requests = sum((regret) => regret.requests);
  const mean = (value: (regret: Regret) => number): number =>
    requests > 0 ? sum((regret) => regret.requests * value(regret)) / requests : 0;
  return {
    requests,
    todayMs: mean((regret) => regret.todayMs),
    bestMs: mean((regret) => regret.bestMs),
    regretMs: mean((regret) => regret.regretMs),
    misplaced: sum((regret) => regret.misplaced),
    surelyMisplaced: sum((regret) => regret.surelyMisplaced),
  };
}

function grouped<K>(all: readonly Judged[], keyOf: (one: Judged) => K): [K, Judged[]][] {
  const groups = new Map<K, Judged[]>();
  for (const one of all) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  const lost = new Map(
    [...groups].map(([key, of]) => [key, of.reduce((sum, { regret }) => sum + regret.regretMs * regret.requests, 0)]),
  );
  return [...groups].sort(([a], [b]) => lost.get(b)! - lost.get(a)!);
}

function busiest(counts: readonly ArrayLike<number>[]): number {
  const sums = Array.from(counts[0]!, (_, s) => counts.reduce((sum, of) => sum + of[s]!, 0));
  return sums.indexOf(Math.max(...sums));
}

function dimensionsOf({ serverDimension, networkDimension }: GroupOptions): GroupOptions {
  return {
    ...(serverDimension === undefined ? {} : { serverDimension }),
    ...(networkDimension === undefined ? {} : { networkDimension }),
  };
}
