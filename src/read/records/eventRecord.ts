import { addressText } from "../../core/addressColumn.js";
import type { Events } from "../../core/events.js";
import { nameText } from "../../core/nameColumn.js";
import { isPseudonym } from "../columns/pseudonym.js";

/** An event as an object with the names of NDJSON; what is absent is left out. */
export type EventRecord = Readonly<Record<string, unknown>>;

/**
 * The event of a row in the names that NDJSON is read by: `ts` (ISO 8601 UTC), `ip`, `status`, `latency_ms`, `bytes`,
 * `user`, and its dimensions by name.
 *
 * @param located - whether to add `place` and `network`, null where the address has none
 */
export function eventRecord(events: Events, row: number, located = false): EventRecord {
  // Dimensions are named by the log: without a prototype, `__proto__` is a name like any other.
  const record: Record<string, unknown> = Object.create(null);
  record.ts = isoOf(events.timeMs[row]!);
  const ip = addressText(events.client, row);
  if (ip !== "" && !isPseudonym(events.client, row)) record.ip = ip;
  if (events.status[row] !== 0) record.status = events.status[row];
  // A 32-bit float holds seven digits: the rest would be noise.
  const latencyMs = events.latencyMs[row]!;
  if (!Number.isNaN(latencyMs)) record.latency_ms = Number(latencyMs.toPrecision(7));
  if (!Number.isNaN(events.bytes[row]!)) record.bytes = events.bytes[row];
  const user = nameText(events.user, row);
  if (user !== "") record.user = user;
  for (const [name, { codes, dictionary }] of events.dimensions)
    if (codes[row] !== 0 && !(name in record)) record[name] = dictionary.value(codes[row]!);
  if (!located) return record;
  record.place = events.places.at(events.place[row]!);
  record.network = events.networks.at(events.network[row]!);
  return record;
}

/** ISO 8601; what a sum of doubles lacks to the full millisecond is rounded up. */
function isoOf(timeMs: number): string {
  return new Date(Math.floor(timeMs + 1e-3)).toISOString();
}
