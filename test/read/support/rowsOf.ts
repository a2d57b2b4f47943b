import { addressText } from "../../../src/core/addressColumn.js";
import type { Events } from "../../../src/core/events.js";
import { nameText } from "../../../src/core/nameColumn.js";

/** Events as objects, one a row, latency rounded to what a 32-bit float tells apart; absent numbers are null. */
export function rowsOf(events: Events): Record<string, unknown>[] {
  return Array.from({ length: events.length }, (_, row) => {
    const object: Record<string, unknown> = {
      timeMs: events.timeMs[row]!,
      ip: addressText(events.client, row),
      status: events.status[row]!,
      latencyMs: Number.isNaN(events.latencyMs[row]!) ? null : Number(events.latencyMs[row]!.toPrecision(6)),
      bytes: Number.isNaN(events.bytes[row]!) ? null : events.bytes[row]!,
      user: nameText(events.user, row),
    };
    for (const [name, { codes, dictionary }] of events.dimensions) object[name] = dictionary.value(codes[row]!);
    return object;
  });
}
