import { Dictionary } from "../../../src/core/dictionary.js";
import type { Events } from "../../../src/core/events.js";
import { nameColumn } from "../../../src/core/nameColumn.js";
import { type Network, NetworkTable } from "../../../src/core/networks.js";
import { type Place, PlaceTable } from "../../../src/core/places.js";

/** A request as a test writes it. */
export interface Request {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly ip?: string;
  readonly user?: string;
  readonly place?: Place;
  readonly network?: Partial<Network>;
  readonly status?: number;
  readonly method?: string;
  readonly path?: string;
  readonly service?: string;
  readonly [dimension: string]: unknown;
}

const KNOWN = new Set(["at", "ip", "user", "place", "network", "status"]);

/** A place with exact coordinates unless told otherwise. */
export function place(country: string, city: string, lat: number, lon: number, accuracyKm = 0): Place {
  return { country, region: "", regionCode: "", city, lat, lon, accuracyKm, precision: "city", timeZone: "" };
}

/** Columns of the given requests, in their order. IPv4 addresses only. */
export function eventsOf(requests: readonly Request[], tables = newTables()): Events {
  const n = requests.length;
  const column = <T>(make: new (length: number) => T): T => new make(n);
  const client = { length: n, family: column(Uint8Array), value: column(Uint32Array), words: new Uint32Array(0) };
  const names = [...new Set(requests.flatMap((r) => Object.keys(r)))].filter((name) => !KNOWN.has(name));
  const dimensions = new Map(names.map((name) => [name, { codes: new Uint32Array(n), dictionary: new Dictionary() }]));
  const events = {
    length: n,
    timeMs: Float64Array.from(requests, (r) => r.at),
    client,
    place: Uint32Array.from(requests, (r) => tables.placeId(r.place)),
    network: Uint32Array.from(requests, (r) => tables.networkId(r.network)),
    status: Uint16Array.from(requests, (r) => r.status ?? 200),
    latencyMs: column(Float32Array).fill(Number.NaN),
    bytes: Float64Array.from(requests, (r) => (typeof r.bytes === "number" ? r.bytes : Number.NaN)),
    user: nameColumn(requests.map((r) => r.user)),
    dimensions,
    places: tables.places,
    networks: tables.networks,
  };
  requests.forEach((r, i) => {
    if (r.ip !== undefined) {
      client.family[i] = 4;
      client.value[i] = r.ip.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
    }
    for (const [name, { codes, dictionary }] of dimensions) codes[i] = dictionary.code(String(r[name] ?? ""));
  });
  return events;
}

/** Place and network tables that give equal places the same row. */
export function newTables() {
  const places = new PlaceTable();
  const networks = new NetworkTable();
  const placeIds = new Map<string, number>();
  const networkIds = new Map<string, number>();
  const idIn = (ids: Map<string, number>, key: string, add: () => number): number => {
    if (!ids.has(key)) ids.set(key, add());
    return ids.get(key)!;
  };
  return {
    places,
    networks,
    placeId: (p: Place | undefined): number =>
      p === undefined ? 0 : idIn(placeIds, JSON.stringify(p), () => places.add(p)),
    networkId: (n: Partial<Network> | undefined): number =>
      n === undefined
        ? 0
        : idIn(networkIds, JSON.stringify(n), () =>
            networks.add({ asn: 0, organization: "", name: "", tags: [], reserved: "", ...n }),
          ),
  };
}
