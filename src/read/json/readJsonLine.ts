import type { LineSink } from "../lineDecoder.js";
import type { RejectReason } from "../readReport.js";
import { MAX_LINE_BYTES } from "../source/lineBlocks.js";
import { otlpRecords } from "./otlpRecords.js";
import { hasHexEscape, parseJson } from "./parseJson.js";
import { skipValue, TOO_DEEP } from "./skipJson.js";

/** What parsed objects are written to. */
export interface ObjectWriter {
  write(value: unknown): RejectReason | undefined;
}

/**
 * Reads the line bytes[start, end) by `JSON.parse`, and tells of what in it is no event.
 *
 * A list of objects, or an object with the list `records`, `Records` or `hits.hits` in it, as cloud services wrap what they
 * export, is as many events.
 */
export function readJsonLine(
  bytes: Uint8Array,
  start: number,
  end: number,
  row: ObjectWriter,
  sink: LineSink,
  maxBytes = MAX_LINE_BYTES,
): void {
  let stop = end;
  while (stop > start && isSpace(bytes[stop - 1]!)) stop--;
  let from = start;
  while (from < stop && isSpace(bytes[from]!)) from++;
  if (from === stop) {
    sink.skipped++;
    return;
  }
  if (end - start > maxBytes) {
    sink.reject("line-too-long", bytes, start, end);
    return;
  }
  // What is no JSON is told by its bytes: a thrown and caught error takes a hundred times as long.
  const valueEnd = maxBytes === MAX_LINE_BYTES ? skipValue(bytes, from) : TOO_DEEP;
  const isJson = valueEnd === stop || valueEnd === TOO_DEEP || hasHexEscape(bytes, from, stop);
  const value = isJson ? parseJson(decoder.decode(bytes.subarray(from, stop))) : undefined;
  for (const record of recordsOf(value)) {
    const reason = row.write(record);
    if (reason !== undefined) sink.reject(reason, bytes, start, stop);
  }
}

export function recordsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.length > 0 ? value : [undefined];
  if (typeof value !== "object" || value === null) return [value];
  const { records, Records } = value as { records?: unknown; Records?: unknown };
  const exported = otlpRecords(value as Record<string, unknown>);
  if (exported !== undefined) return exported;
  for (const list of [records, Records, hitsOf(value)]) if (Array.isArray(list) && list.length > 0) return list;
  return [value];
}

/** What a search of Elasticsearch found. */
function hitsOf(value: object): unknown {
  const { hits } = value as { hits?: { hits?: unknown } | null };
  return typeof hits === "object" && hits !== null ? hits.hits : undefined;
}

function isSpace(byte: number): boolean {
  return byte === 32 || byte === 9 || byte === 13;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
