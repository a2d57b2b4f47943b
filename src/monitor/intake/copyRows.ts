import { IPV6 } from "../../core/addressColumn.js";
import type { CodeColumn, Events } from "../../core/events.js";

/**
 * Some rows of a batch in memory of their own, in which nothing but these rows is kept: readers write to a batch again.
 *
 * @param dimensions - columns in place of those of the batch
 */
export function copyRows(
  events: Events,
  rows: Uint32Array,
  dimensions: ReadonlyMap<string, CodeColumn> = events.dimensions,
): Events {
  const { weight } = events;
  const n = rows.length;
  return {
    length: n,
    timeMs: copied(events.timeMs, rows, new Float64Array(n)),
    client: copiedAddresses(events.client, rows),
    place: copied(events.place, rows, new Uint32Array(n)),
    network: copied(events.network, rows, new Uint32Array(n)),
    status: copied(events.status, rows, new Uint16Array(n)),
    latencyMs: copied(events.latencyMs, rows, new Float32Array(n)),
    bytes: copied(events.bytes, rows, new Float64Array(n)),
    ...(weight && { weight: copied(weight, rows, new Float64Array(n)) }),
    user: copiedNames(events.user, rows),
    dimensions: new Map(
      Array.from(dimensions, ([name, { codes, dictionary }]) => [
        name,
        { codes: copied(codes, rows, new Uint32Array(n)), dictionary },
      ]),
    ),
    places: events.places,
    networks: events.networks,
  };
}

type Column = Uint8Array | Uint16Array | Uint32Array | Float32Array | Float64Array;

function copied<T extends Column>(from: T, rows: Uint32Array, to: T): T {
  for (let i = 0; i < rows.length; i++) to[i] = from[rows[i]!]!;
  return to;
}

function copiedAddresses(client: Events["client"], rows: Uint32Array): Events["client"] {
  const n = rows.length;
  const family = copied(client.family, rows, new Uint8Array(n));
  const value = copied(client.value, rows, new Uint32Array(n));
  let wide = 0;
  for (let i = 0; i < n; i++) if (family[i] === IPV6) wide++;
  const words = new Uint32Array(4 * wide);
  for (let i = 0, at = 0; at < wide; i++) {
    if (family[i] !== IPV6) continue;
    for (let w = 0; w < 4; w++) words[4 * at + w] = client.words[4 * value[i]! + w]!;
    value[i] = at++;
  }
  return { length: n, family, value, words };
}

function copiedNames(user: Events["user"], rows: Uint32Array): Events["user"] {
  const n = rows.length;
  const starts = new Uint32Array(n);
  const ends = new Uint32Array(n);
  let size = 0;
  for (let i = 0; i < n; i++) size += user.ends[rows[i]!]! - user.starts[rows[i]!]!;
  const bytes = new Uint8Array(size);
  let at = 0;
  for (let i = 0; i < n; i++) {
    starts[i] = at;
    for (let k = user.starts[rows[i]!]!; k < user.ends[rows[i]!]!; k++) bytes[at++] = user.bytes[k]!;
    ends[i] = at;
  }
  return {
    length: n,
    low: copied(user.low, rows, new Uint32Array(n)),
    high: copied(user.high, rows, new Uint32Array(n)),
    bytes,
    starts,
    ends,
  };
}
