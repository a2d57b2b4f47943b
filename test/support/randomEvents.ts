import { IPV4, IPV6 } from "../../src/core/addressColumn.js";
import { Dictionary } from "../../src/core/dictionary.js";
import type { Events } from "../../src/core/events.js";
import { nameColumn } from "../../src/core/nameColumn.js";
import { NetworkTable } from "../../src/core/networks.js";
import { PlaceTable } from "../../src/core/places.js";

/** One request, as a test thinks of it. */
export interface PlainEvent {
  readonly timeMs: number;
  /** Index into {@link TEST_PLACES}; 0 is unlocated. */
  readonly place: number;
  readonly status: number;
  readonly latencyMs: number;
  readonly bytes: number;
  /** IPv4 as a number, or a short text for an IPv6 address of which it is the last word. */
  readonly client: number | `v6-${number}` | null;
  readonly user: string;
  readonly service: string;
  readonly version: string;
}

/** Country, region, city, latitude, longitude, time zone. */
export const TEST_PLACES: readonly (readonly [string, string, string, number, number, string])[] = [
  ["", "", "", Number.NaN, Number.NaN, ""],
  ["DE", "Hesse", "Frankfurt", 50.11, 8.68, "Europe/Berlin"],
  ["DE", "Berlin", "Berlin", 52.52, 13.4, "Europe/Berlin"],
  ["BR", "São Paulo", "São Paulo", -23.55, -46.63, "America/Sao_Paulo"],
  ["US", "New York", "New York", 40.71, -74.0, "America/New_York"],
  ["US", "California", "San Jose", 37.33, -121.89, "America/Los_Angeles"],
  ["IN", "Maharashtra", "Mumbai", 19.07, 72.87, "Asia/Kolkata"],
  ["JP", "Tokyo", "Tokyo", 35.68, 139.69, ""],
];

/** A place table of the test's places, in another order where `shift` says so. */
export function testPlaceTable(shift = 0): { readonly table: PlaceTable; readonly idOf: (place: number) => number } {
  const table = new PlaceTable();
  const count = TEST_PLACES.length - 1;
  for (let i = 0; i < count; i++) {
    const [country, region, city, lat, lon, timeZone] = TEST_PLACES[1 + ((i + shift) % count)]!;
    table.add({ country, region, regionCode: "", city, lat, lon, accuracyKm: 10, precision: "city", timeZone });
  }
  return { table, idOf: (place) => (place === 0 ? 0 : 1 + ((place - 1 - shift + count * (1 + shift)) % count)) };
}

/** The events as columns, with dictionaries and a place table of their own. */
export function eventsOf(plain: readonly PlainEvent[], shift = 0): Events {
  const { table, idOf } = testPlaceTable(shift);
  const long: number[] = [];
  const family = Uint8Array.from(plain, (e) => (e.client === null ? 0 : typeof e.client === "number" ? IPV4 : IPV6));
  const value = Uint32Array.from(plain, (e) => {
    if (typeof e.client !== "string") return e.client ?? 0;
    long.push(0x20010db8, 0, 0, Number(e.client.slice(3)));
    return long.length / 4 - 1;
  });
  const column = (of: (e: PlainEvent) => string) => {
    const dictionary = new Dictionary();
    return { codes: Uint32Array.from(plain, (e) => dictionary.code(of(e))), dictionary };
  };
  return {
    length: plain.length,
    timeMs: Float64Array.from(plain, (e) => e.timeMs),
    client: { length: plain.length, family, value, words: Uint32Array.from(long) },
    place: Uint32Array.from(plain, (e) => idOf(e.place)),
    network: new Uint32Array(plain.length),
    status: Uint16Array.from(plain, (e) => e.status),
    latencyMs: Float32Array.from(plain, (e) => e.latencyMs),
    bytes: Float64Array.from(plain, (e) => e.bytes),
    user: nameColumn(plain.map((e) => e.user)),
    dimensions: new Map([
      ["service", column((e) => e.service)],
      ["version", column((e) => e.version)],
    ]),
    places: table,
    networks: new NetworkTable(),
  };
}
