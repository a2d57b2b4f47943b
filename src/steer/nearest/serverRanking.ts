import type { ClientPlace, LatencyPrediction } from "../latency/latencyPrediction.js";
import type { Server } from "../server.js";

/** A server with what a client would see of it. */
export interface ServerChoice extends LatencyPrediction {
  readonly server: string;
}

/** What rankings are made of. */
export interface RankingSource {
  readonly servers: readonly Server[];
  predict(place: ClientPlace, server: string): LatencyPrediction;
  /** Whether something was measured from exactly there. */
  hasMeasured(place: ClientPlace): boolean;
  /** Where clients are known to be: what an unlocated one is taken for. */
  readonly clients: readonly ClientPlace[];
}

/** Places that nobody measured from share a ranking within a tenth of a degree: a tenth of a millisecond of fibre. */
const GRID = 10;
/** Degrees are told apart to some twenty metres, radii to a kilometre up to the last one: a key is an exact integer. */
const FINE = 5000;
const MOST_KM = 1023;
const MOST_KEPT = 500_000;
/** Clients that stand for all where one is not located. */
const MOST_CLIENTS = 200;

/** Tells what stands in a row that is asked for the first time. */
interface AddressLocator {
  locate(address: string): ClientPlace | null;
}

/** Rankings by row of a table of places: an index in a typed array takes less time than a map. */
class RankingsByRow {
  readonly #rankings: (readonly ServerChoice[])[] = [];
  /** Position among the rankings and 1; 0 is "not yet". */
  #at = new Uint32Array(1024);

  get(row: number): readonly ServerChoice[] | undefined {
    return row < this.#at.length && this.#at[row]! > 0 ? this.#rankings[this.#at[row]! - 1] : undefined;
  }

  set(row: number, ranking: readonly ServerChoice[]): readonly ServerChoice[] {
    if (row >= this.#at.length) {
      const more = new Uint32Array(2 ** Math.ceil(Math.log2(row + 1)));
      more.set(this.#at);
      this.#at = more;
    }
    this.#at[row] = this.#rankings.push(ranking);
    return ranking;
  }
}

/** Servers by expected latency, best first, worked out once a place and then looked up. */
export class ServerRanking {
  readonly #source: RankingSource;
  readonly #byNetwork = new Map<string, Map<number, readonly ServerChoice[]>>();
  #exact = new Map<number, readonly ServerChoice[]>();
  #grid = new Map<number, readonly ServerChoice[]>();
  readonly #byLocator = new WeakMap<object, RankingsByRow>();
  #last: { readonly locator: object; readonly rankings: RankingsByRow } | null = null;
  #unlocated: readonly ServerChoice[] | null = null;

  constructor(source: RankingSource) {
    this.#source = source;
  }

  /** All servers, the best first; without coordinates, as clients see them on the whole. */
  of(place: ClientPlace | null): readonly ServerChoice[] {
    if (place === null || !(Math.abs(place.lat) <= 90 && Math.abs(place.lon) <= 360)) return this.#forUnlocated();
    const { network } = place;
    const kept = network === undefined || network === "" ? this.#exact : this.#ofNetwork(network);
    const key = keyOf(place, FINE);
    let found = kept.get(key);
    if (found === undefined) {
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(key, (found = kept === this.#exact ? this.#forPlace(place) : this.#ranked(place)));
    }
    return found;
  }

  /**
   * The same for an address, by the row of its place: locators keep rows, whatever they reload.
   *
   * @param row - in the locator's table; 0 is "none"
   */
  ofRow(row: number, locator: AddressLocator, address: string): readonly ServerChoice[] {
    if (row === 0) return this.#forUnlocated();
    if (this.#last?.locator !== locator) {
      let rankings = this.#byLocator.get(locator);
      if (rankings === undefined) this.#byLocator.set(locator, (rankings = new RankingsByRow()));
      this.#last = { locator, rankings };
    }
    const { rankings } = this.#last;
    return rankings.get(row) ?? rankings.set(row, this.of(locator.locate(address)));
  }

  #ofNetwork(network: string): Map<number, readonly ServerChoice[]> {
    let kept = this.#byNetwork.get(network);
    if (kept === undefined) {
      if (this.#byNetwork.size >= 1000) this.#byNetwork.clear();
      this.#byNetwork.set(network, (kept = new Map()));
    }
    return kept;
  }

  #forPlace(place: ClientPlace): readonly ServerChoice[] {
    if (this.#source.hasMeasured(place)) return this.#ranked(place);
    const key = keyOf(place, GRID);
    let found = this.#grid.get(key);
    if (found === undefined) {
      if (this.#grid.size >= MOST_KEPT) this.#grid = new Map();
      this.#grid.set(key, (found = this.#ranked(place)));
    }
    return found;
  }

  #ranked(place: ClientPlace): readonly ServerChoice[] {
    const { servers } = this.#source;
    return inOrder(servers.map(({ name }) => ({ server: name, ...this.#source.predict(place, name) })));
  }

  #forUnlocated(): readonly ServerChoice[] {
    if (this.#unlocated !== null) return this.#unlocated;
    const { clients, servers } = this.#source;
    const places: readonly ClientPlace[] = clients.length > 0 ? clients : servers;
    const step = Math.max(1, Math.ceil(places.length / MOST_CLIENTS));
    const some = places.filter((_, i) => i % step === 0);
    const choices = servers.map(({ name }): ServerChoice => {
      const all = some.map((place) => this.#source.predict(place, name));
      return {
        server: name,
        ms: quantile(
          all.map(({ ms }) => ms),
          0.5,
        ),
        low: quantile(
          all.map(({ low }) => low),
          0.05,
        ),
        high: quantile(
          all.map(({ high }) => high),
          0.95,
        ),
        measured: false,
      };
    });
    this.#unlocated = inOrder(choices);
    return this.#unlocated;
  }
}

/** Best first; equals by name, so that everybody gets the same answer. */
function inOrder(choices: readonly ServerChoice[]): readonly ServerChoice[] {
  return [...choices].sort((a, b) => a.ms - b.ms || (a.server < b.server ? -1 : 1));
}

function keyOf({ lat, lon, accuracyKm = 0 }: ClientPlace, steps: number): number {
  const row = Math.round((lat + 90) * steps);
  const column = Math.round((lon + 360) * steps);
  const km = accuracyKm > 0 ? Math.min(MOST_KM, Math.round(accuracyKm)) : 0;
  return (row * (720 * steps + 1) + column) * (MOST_KM + 1) + km;
}

function quantile(values: readonly number[], q: number): number {
  return [...values].sort((a, b) => a - b)[Math.ceil(q * values.length) - 1]!;
}
