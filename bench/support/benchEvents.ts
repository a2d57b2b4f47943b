import { NO_ADDRESS } from "../../src/core/addressColumn.js";
import type { Events } from "../../src/core/events.js";
import { hashIpv4High, hashIpv4Low } from "../../src/core/hash.js";
import { NetworkTable } from "../../src/core/networks.js";
import { PlaceTable } from "../../src/core/places.js";
import { Random } from "../../src/core/random.js";

export interface BenchShape {
  readonly rows: number;
  readonly buckets: number;
  readonly places: number;
  readonly users: number;
  /** Rows in the order of their times, as logs have them, or in none. */
  readonly sorted: boolean;
}

export const BUCKET_MS = 300_000;
const ORIGIN_MS = Date.UTC(2026, 2, 2);

/** Seeded requests of the given shape: log-normal latencies, 3% errors, users drawn uniformly, every place as likely. */
export function benchEvents(shape: BenchShape, seed = 1): { readonly events: Events; readonly userIds: Uint32Array } {
  const { rows, buckets, places, users, sorted } = shape;
  const random = new Random(seed);
  const table = new PlaceTable();
  for (let p = 0; p < places; p++)
    table.add({
      ...{ country: "DE", region: "", regionCode: "", city: `city ${p}`, timeZone: "", precision: "city" as const },
      ...{ lat: 40 + (p % 100) / 5, lon: -20 + Math.floor(p / 100) / 3, accuracyKm: 5 },
    });
  const column = { timeMs: new Float64Array(rows), latencyMs: new Float32Array(rows), bytes: new Float64Array(rows) };
  const ids = { place: new Uint32Array(rows), status: new Uint16Array(rows), user: new Uint32Array(rows) };
  const [low, high] = [new Uint32Array(rows), new Uint32Array(rows)];
  for (let i = 0; i < rows; i++) {
    const moment = sorted ? (i + random.next()) / rows : random.next();
    column.timeMs[i] = ORIGIN_MS + Math.floor(moment * buckets * BUCKET_MS);
    ids.place[i] = 1 + random.int(places);
    ids.status[i] = random.next() < 0.03 ? 500 : 200;
    column.latencyMs[i] = Math.exp(4 + 0.8 * random.normal());
    ids.user[i] = 1 + random.int(users);
    low[i] = hashIpv4Low(ids.user[i]!);
    high[i] = hashIpv4High(ids.user[i]!);
    column.bytes[i] = 500 + random.int(5000);
  }
  const none = new Uint32Array(rows);
  const events: Events = {
    length: rows,
    ...column,
    client: { length: rows, family: new Uint8Array(rows).fill(NO_ADDRESS), value: none, words: new Uint32Array(0) },
    place: ids.place,
    network: none,
    status: ids.status,
    user: { length: rows, low, high, bytes: new Uint8Array(0), starts: none, ends: none },
    dimensions: new Map(),
    places: table,
    networks: new NetworkTable(),
  };
  return { events, userIds: ids.user };
}
