import { unitVectors } from "../../core/sphere.js";
import type { End } from "./endTable.js";
import type { MeasuredPairs } from "./pairData.js";

/** Pairs that one prediction learns from: more take longer and tell little more. */
const MOST_PAIRS = 160;
/** Client ends looked through. Of more, those measured best count. */
const MOST_ENDS = 4000;
const LEAST_A_SERVER = 3;

/**
 * Of many measured pairs, those that tell most of a client's: the client's own, and for each server those of the nearest
 * clients that it was measured from (Vecchia 1988: a Gaussian process by neighbours).
 */
export class Neighbourhoods {
  readonly #pairs: MeasuredPairs;
  readonly #clients: Uint32Array;
  readonly #vectors: Float64Array;
  /** Pairs by client end: `#byClient[#first[end]]` … `#byClient[#first[end + 1] - 1]`. */
  readonly #first: Uint32Array;
  readonly #byClient: Uint32Array;
  readonly #aServer: number;

  constructor(pairs: MeasuredPairs) {
    this.#pairs = pairs;
    const { ends, client, server } = pairs;
    this.#first = new Uint32Array(ends.length + 1);
    for (const end of client) this.#first[end + 1]!++;
    for (let end = 0; end < ends.length; end++) this.#first[end + 1]! += this.#first[end]!;
    this.#byClient = Uint32Array.from(client, (_, row) => row).sort((a, b) => client[a]! - client[b]! || a - b);
    this.#clients = this.#bestMeasured();
    this.#vectors = unitVectors(
      Array.from(this.#clients, (end) => ends.lat[end]!),
      Array.from(this.#clients, (end) => ends.lon[end]!),
    );
    this.#aServer = Math.max(LEAST_A_SERVER, Math.floor(MOST_PAIRS / new Set(server).size));
  }

  /** Rows of the pairs around an end: a row of the table of ends, or one that is not in it. */
  around(end: number | End): Uint32Array {
    const { ends, server } = this.#pairs;
    const isKnown = typeof end === "number";
    const own = isKnown ? this.#pairsOf(end) : [];
    const rows = [...own];
    const found = new Uint8Array(ends.length);
    const { lat, lon } = isKnown ? { lat: ends.lat[end]!, lon: ends.lon[end]! } : end;
    for (const client of this.#nearestFirst(lat, lon)) {
      if (rows.length - own.length >= MOST_PAIRS) break;
      if (client === end) continue;
      for (const row of this.#pairsOf(client)) {
        const at = server[row]!;
        if (found[at]! >= this.#aServer) continue;
        found[at]!++;
        rows.push(row);
      }
    }
    return Uint32Array.from(rows);
  }

  *#nearestFirst(lat: number, lon: number): Generator<number> {
    const [x, y, z] = unitVectors([lat], [lon]) as unknown as [number, number, number];
    const v = this.#vectors;
    // Distance and position in one number, so that sorting needs no callback.
    const keys = Float64Array.from(this.#clients, (_, i) => {
      const apart = Math.max(0, 1 - (x * v[3 * i]! + y * v[3 * i + 1]! + z * v[3 * i + 2]!));
      return Math.round(apart * 1e11) * MOST_ENDS + i;
    }).sort();
    for (const key of keys) yield this.#clients[key % MOST_ENDS]!;
  }

  #pairsOf(end: number): Uint32Array {
    return this.#byClient.subarray(this.#first[end], this.#first[end + 1]);
  }

  #bestMeasured(): Uint32Array {
    const { ends, chance } = this.#pairs;
    const clients = Array.from({ length: ends.length }, (_, end) => end).filter((end) => this.#pairsOf(end).length > 0);
    if (clients.length <= MOST_ENDS) return Uint32Array.from(clients);
    const known = (end: number): number => this.#pairsOf(end).reduce((sum, row) => sum + 1 / (1e-3 + chance[row]!), 0);
    const worth = new Map(clients.map((end) => [end, known(end)]));
    return Uint32Array.from(clients.sort((a, b) => worth.get(b)! - worth.get(a)! || a - b).slice(0, MOST_ENDS));
  }
}
