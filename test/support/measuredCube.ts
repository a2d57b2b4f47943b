import { Dictionary } from "../../src/core/dictionary.js";
import { NetworkTable } from "../../src/core/networks.js";
import { PlaceTable } from "../../src/core/places.js";
import { Random } from "../../src/core/random.js";
import { Cube } from "../../src/cube/cube.js";
import type { Pair, Site } from "./latencyAccuracy.js";

/** How far requests of one pair scatter, as a standard deviation of the logarithm. */
const SPREAD = 0.1;

/** A log of an hour: so many requests of each pair, each by a client of its own, to the `pop` at the pair's other end. */
export function measuredCube(sites: readonly Site[], pairs: readonly Pair[], requests: number, seed: number): Cube {
  const random = new Random(seed);
  const places = new PlaceTable();
  const idOf = new Map(
    sites.map(({ name, lat, lon }) => {
      const named = { country: "ZZ", region: "", regionCode: "", city: name, timeZone: "" };
      return [name, places.add({ ...named, lat, lon, accuracyKm: 0, precision: "city" })] as const;
    }),
  );
  const pops = new Dictionary();
  const n = pairs.length * requests;
  const of = (row: number): Pair => pairs[Math.floor(row / requests)]!;
  const u32 = (make: (row: number) => number): Uint32Array => Uint32Array.from({ length: n }, (_, row) => make(row));
  const startMs = Date.UTC(2026, 2, 2);
  return Cube.from(
    {
      length: n,
      timeMs: Float64Array.from({ length: n }, (_, row) => startMs + Math.floor((3_599_000 * row) / n)),
      client: {
        length: n,
        family: new Uint8Array(n).fill(4),
        value: u32((row) => 0x50000000 + row),
        words: new Uint32Array(0),
      },
      place: u32((row) => idOf.get(of(row).a)!),
      network: new Uint32Array(n),
      status: new Uint16Array(n).fill(200),
      latencyMs: Float32Array.from({ length: n }, (_, row) => of(row).ms * Math.exp(SPREAD * random.normal())),
      bytes: new Float64Array(n),
      user: {
        length: n,
        low: new Uint32Array(n),
        high: new Uint32Array(n),
        bytes: new Uint8Array(0),
        starts: new Uint32Array(n),
        ends: new Uint32Array(n),
      },
      dimensions: new Map([["pop", { dictionary: pops, codes: u32((row) => pops.code(of(row).b)) }]]),
      places,
      networks: new NetworkTable(),
    },
    { dimensions: ["pop"] },
  );
}
