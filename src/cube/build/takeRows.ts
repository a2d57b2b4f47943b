import type { CodeColumn, Events } from "../../core/events.js";

/** The given rows of a batch as a batch of their own, which shares the dictionaries and the text of names. */
export function takeRows(events: Events, rows: Uint32Array): Events {
  const { client, user } = events;
  const integers = (column: Uint32Array): Uint32Array => rows.map((row) => column[row]!);
  const dimensions = new Map<string, CodeColumn>();
  for (const [name, column] of events.dimensions)
    dimensions.set(name, { codes: integers(column.codes), dictionary: column.dictionary });
  return {
    length: rows.length,
    timeMs: Float64Array.from(rows, (row) => events.timeMs[row]!),
    client: {
      length: rows.length,
      family: Uint8Array.from(rows, (row) => client.family[row]!),
      value: integers(client.value),
      words: client.words,
    },
    place: integers(events.place),
    network: integers(events.network),
    status: Uint16Array.from(rows, (row) => events.status[row]!),
    latencyMs: Float32Array.from(rows, (row) => events.latencyMs[row]!),
    bytes: Float64Array.from(rows, (row) => events.bytes[row]!),
    ...(events.weight && { weight: Float64Array.from(rows, (row) => events.weight![row]!) }),
    user: {
      length: rows.length,
      low: integers(user.low),
      high: integers(user.high),
      bytes: user.bytes,
      starts: integers(user.starts),
      ends: integers(user.ends),
    },
    dimensions,
    places: events.places,
    networks: events.networks,
  };
}
