import { checkOptions } from "../core/options/checkOptions.js";
import type { Shapes } from "../core/options/shape.js";
import { iterable, text } from "../core/options/shapes.js";
import type { Cube } from "../cube/cube.js";
import { CUBE } from "../cube/cubeShape.js";
import type { Line } from "../stats/medianLine.js";
import { checkServers, SERVER_LIST } from "./checkServers.js";
import { steerError } from "./errors.js";
import { addCubePairs } from "./latency/cubePairs.js";
import type { End } from "./latency/endTable.js";
import type { GroupOptions } from "./latency/groupServers.js";
import type { ClientPlace, LatencyPrediction } from "./latency/latencyPrediction.js";
import { PairPredictor } from "./latency/pairPredictor.js";
import { PairTable } from "./latency/pairTable.js";
import { addSamples, type LatencySample } from "./latency/samplePairs.js";
import { serverEnds } from "./latency/serverEnds.js";
import { ServerRanking } from "./nearest/serverRanking.js";
import type { Server } from "./server.js";

export interface LatencyModelOptions extends GroupOptions {
  readonly servers: readonly Server[];
  /** A log with a dimension that names the server. */
  readonly cube?: Cube;
  /** Measurements, beside those of the cube or instead of them. */
  readonly samples?: Iterable<LatencySample>;
}

/** What each option takes. */
export const LATENCY_MODEL_OPTIONS: Shapes<LatencyModelOptions> = {
  servers: SERVER_LIST,
  cube: CUBE,
  samples: iterable("samples: { lat, lon, server, latencyMs }"),
  serverDimension: text,
  networkDimension: text,
};

/** What clients at any place would see from each server. */
export class LatencyModel {
  readonly servers: readonly Server[];
  readonly #table: PairTable;
  readonly #predictor: PairPredictor;
  readonly #ends: ReadonlyMap<string, End>;
  /** Servers in order, as {@link nearestServers} asks for them. */
  readonly ranking: ServerRanking;

  /** @internal Use {@link latencyModel}. */
  constructor(servers: readonly Server[], table: PairTable, predictor: PairPredictor) {
    checkServers(servers);
    this.servers = servers;
    this.#table = table;
    this.#predictor = predictor;
    const ends = serverEnds(servers);
    this.#ends = new Map(servers.map(({ name }, i) => [name, ends[i]!]));
    this.ranking = new ServerRanking(this);
  }

  /** Where measurements were made from. */
  get clients(): readonly ClientPlace[] {
    const { ends, client } = this.#predictor.data;
    return [...new Set(client)].map((row) => ends.at(row));
  }

  /** Whether something was measured from exactly there. */
  hasMeasured(place: ClientPlace): boolean {
    return this.#table.ends.find(place) >= 0;
  }

  /** The line of milliseconds by kilometres that predictions begin from. */
  get line(): Line {
    return this.#predictor.data.line;
  }

  /** How many pairs were measured. */
  get measuredPairs(): number {
    return this.#predictor.data.ms.length;
  }

  /** What a client at a place sees of a server. Throws `unknown-server` and `bad-place`. */
  predict(place: ClientPlace, server: string): LatencyPrediction {
    const end = this.#ends.get(server);
    if (end === undefined) throw steerError("unknown-server", { server, known: [...this.#ends.keys()] });
    const { lat, lon } = place;
    if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 360)) throw steerError("bad-place", { lat, lon });
    const { ends } = this.#table;
    const row = this.#table.find(ends.find(place), ends.find(end));
    return { ...this.#predictor.predict(place, end, row), measured: row >= 0 };
  }

  /** The same knowledge, asked about other servers: sites that might be opened. Throws `bad-servers`. */
  withServers(servers: readonly Server[]): LatencyModel {
    return new LatencyModel(servers, this.#table, this.#predictor);
  }
}

/**
 * Learns what clients would see from each server, from what they saw of some: a log, measurements, or both.
 *
 * What was measured is told as measured, shrunk to what its surroundings say as far as it is thin. For the rest,
 * latency is the line of distance (Theil–Sen) times what a Gaussian process over pairs learns from how measured pairs
 * stray from it: each end's own cost, and products of the similarities of both ends. Never below light in fibre. With
 * more than 1,500 measured pairs, a prediction learns from the 160 or so around it.
 *
 * Intervals hold 90%: their width comes from predicting each measured pair without itself. Distances take the accuracy
 * of both ends into account. With nothing measured, predictions are those of public networks at that distance.
 *
 * Throws `bad-servers`, `bad-sample`, `unknown-server` (of a sample) and `bad-steer-option`.
 *
 * @example
 * ```ts
 * const model = latencyModel({ cube, servers: [{ name: "fra", lat: 50.1, lon: 8.7 }, { name: "nrt", lat: 35.8, lon: 140.4 }] });
 * model.predict({ lat: 48.1, lon: 11.6 }, "fra"); // { ms, low, high, measured }
 * ```
 */
export function latencyModel(options: LatencyModelOptions): LatencyModel {
  checkOptions("latencyModel", options, LATENCY_MODEL_OPTIONS, ["servers"]);
  const { servers, cube, samples } = options;
  checkServers(servers);
  if (cube === undefined && samples === undefined)
    throw steerError("bad-steer-option", { option: "cube", value: "missing", expected: "a cube, or samples" });
  const table = new PairTable();
  const rows = serverEnds(servers).map((end) => table.ends.rowOf(end));
  const serverRows = new Map(servers.map(({ name }, i) => [name, rows[i]!]));
  if (cube !== undefined) addCubePairs(table, cube, serverRows, options);
  if (samples !== undefined) addSamples(table, samples, serverRows);
  return new LatencyModel(servers, table, new PairPredictor(table.pairs()));
}
