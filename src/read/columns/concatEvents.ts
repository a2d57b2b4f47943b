import type { AddressColumn } from "../../core/addressColumn.js";
import { IPV6 } from "../../core/addressColumn.js";
import type { CodeColumn, Events } from "../../core/events.js";
import type { NameColumn } from "../../core/nameColumn.js";
import type { NetworkTable } from "../../core/networks.js";
import type { PlaceTable } from "../../core/places.js";

/** Batches of one reader as one. The tables are those of the batches, named for the case that there is no batch. */
export function concatEvents(
  batches: readonly Events[],
  tables: { places: PlaceTable; networks: NetworkTable },
): Events {
  const length = batches.reduce((total, batch) => total + batch.length, 0);
  const joined = <T extends Column>(column: T, of: (batch: Events) => T): T => {
    let at = 0;
    for (const batch of batches) {
      column.set(of(batch), at);
      at += batch.length;
    }
    return column;
  };
  return {
    length,
    timeMs: joined(new Float64Array(length), (b) => b.timeMs),
    client: concatAddresses(batches, length),
    place: joined(new Uint32Array(length), (b) => b.place),
    network: joined(new Uint32Array(length), (b) => b.network),
    status: joined(new Uint16Array(length), (b) => b.status),
    latencyMs: joined(new Float32Array(length), (b) => b.latencyMs),
    bytes: joined(new Float64Array(length), (b) => b.bytes),
    ...(batches.some((b) => b.weight) && {
      weight: joined(new Float64Array(length), (b) => b.weight ?? new Float64Array(b.length).fill(1)),
    }),
    user: concatNames(batches, length),
    dimensions: concatDimensions(batches, length),
    places: tables.places,
    networks: tables.networks,
  };
}

type Column = Uint8Array | Uint16Array | Uint32Array | Float32Array | Float64Array;

function concatAddresses(batches: readonly Events[], length: number): AddressColumn {
  const family = new Uint8Array(length);
  const value = new Uint32Array(length);
  const words = new Uint32Array(batches.reduce((total, batch) => total + batch.client.words.length, 0));
  let at = 0;
  let wordsAt = 0;
  for (const { client } of batches) {
    family.set(client.family, at);
    value.set(client.value, at);
    words.set(client.words, wordsAt);
    if (wordsAt > 0) for (let i = at; i < at + client.length; i++) if (family[i] === IPV6) value[i]! += wordsAt / 4;
    at += client.length;
    wordsAt += client.words.length;
  }
  return { length, family, value, words };
}

function concatNames(batches: readonly Events[], length: number): NameColumn {
  const bytes = new Uint8Array(batches.reduce((total, batch) => total + batch.user.bytes.length, 0));
  const names = {
    length,
    low: new Uint32Array(length),
    high: new Uint32Array(length),
    bytes,
    starts: new Uint32Array(length),
    ends: new Uint32Array(length),
  };
  let at = 0;
  let bytesAt = 0;
  for (const { user } of batches) {
    names.low.set(user.low, at);
    names.high.set(user.high, at);
    bytes.set(user.bytes, bytesAt);
    for (let i = 0; i < user.length; i++) {
      names.starts[at + i] = user.starts[i]! + bytesAt;
      names.ends[at + i] = user.ends[i]! + bytesAt;
    }
    at += user.length;
    bytesAt += user.bytes.length;
  }
  return names;
}

function concatDimensions(batches: readonly Events[], length: number): Map<string, CodeColumn> {
  const dimensions = new Map<string, CodeColumn>();
  let at = 0;
  for (const batch of batches) {
    for (const [name, { codes, dictionary }] of batch.dimensions) {
      if (!dimensions.has(name)) dimensions.set(name, { codes: new Uint32Array(length), dictionary });
      dimensions.get(name)!.codes.set(codes, at);
    }
    at += batch.length;
  }
  return dimensions;
}
