import { checkArgument, checkOptions } from "../../core/options/checkOptions.js";
import type { Shapes } from "../../core/options/shape.js";
import { callback, either, having, list, nullable, number, text } from "../../core/options/shapes.js";
import { steerError } from "../errors.js";
import type { ClientPlace } from "../latency/latencyPrediction.js";
import type { LatencyModel } from "../latencyModel.js";
import type { ServerChoice } from "./serverRanking.js";

/** Finds places of addresses: a `Locator` does. */
export interface PlaceLocator {
  locate(address: string): ClientPlace | null;
  /** The row of the address's place in a table that keeps its rows; 0 for none. With it, answers are found faster. */
  placeIdOf?(address: string): number;
}

export interface NearestOptions {
  readonly model: Pick<LatencyModel, "ranking">;
  /** Names of the servers that may be used, or what tells it of a name. Default: all. A set is fastest. */
  readonly healthy?: ReadonlySet<string> | readonly string[] | ((server: string) => boolean);
  /** How many to name. Default 1. */
  readonly k?: number;
  /** Needed for addresses. */
  readonly locator?: PlaceLocator;
}

/** What each option takes. */
export const NEAREST_OPTIONS: Shapes<NearestOptions> = {
  model: having("a model: latencyModel({ servers, cube })", "ranking"),
  healthy: either(having("a set of names", "has", "size"), list(text, "names"), callback),
  k: number,
  locator: having("a Locator: await openLocator()", "locate"),
};

const WHERE = nullable(either(text, having("a place: { lat, lon }, or an address", "lat", "lon")));

/**
 * The servers that a client sees soonest, best first, with what it would see: at most `k`, all of them healthy.
 *
 * Fails closed: where no server is healthy, the answer is empty, never one that is not healthy. A client that nobody can
 * locate, or text that is no address, gets the servers in the order in which clients see them on the whole, with an
 * interval as wide as clients are apart.
 *
 * Each place is worked out once a model, places without measurements once a tenth of a degree; from then on an answer is
 * a look-up. Throws `bad-steer-option`.
 *
 * @example
 * ```ts
 * nearestServers({ lat: 48.1, lon: 11.6 }, { model, healthy: new Set(["fra", "ams"]), k: 2 });
 * nearestServers("81.2.69.142", { model, locator, k: 3 }); // [{ server: "lhr", ms, low, high, measured }, …]
 * ```
 */
export function nearestServers(where: string | ClientPlace | null, options: NearestOptions): ServerChoice[] {
  checkArgument("nearestServers", "the first argument", where, WHERE);
  checkOptions("nearestServers", options, NEAREST_OPTIONS, ["model"]);
  const { model, healthy, k = 1 } = options;
  if (!(k >= 1)) throw steerError("bad-steer-option", { option: "k", value: String(k), expected: "1 or more" });
  const ranked = typeof where === "string" ? rankedFor(where, options) : model.ranking.of(where);
  if (healthy === undefined) return ranked.slice(0, k);
  const chosen: ServerChoice[] = [];
  for (let i = 0; i < ranked.length && chosen.length < k; i++) {
    const choice = ranked[i]!;
    if (isHealthy(healthy, choice.server)) chosen.push(choice);
  }
  return chosen;
}

function rankedFor(address: string, { model, locator }: NearestOptions): readonly ServerChoice[] {
  if (locator === undefined)
    throw steerError("bad-steer-option", { option: "locator", value: "missing", expected: "a locator, for addresses" });
  if (locator.placeIdOf === undefined) return model.ranking.of(locator.locate(address));
  const id = locator.placeIdOf(address);
  return model.ranking.ofRow(id, locator, address);
}

function isHealthy(healthy: NonNullable<NearestOptions["healthy"]>, server: string): boolean {
  if (typeof healthy === "function") return healthy(server);
  return "has" in healthy ? healthy.has(server) : healthy.includes(server);
}
