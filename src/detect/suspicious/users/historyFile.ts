import { suspiciousError } from "../errors.js";
import type { UserLocationTable } from "./userLocationTable.js";
import * as R from "./userRecord.js";
import type { UserRecordStore } from "./userRecordStore.js";

const MAGIC = "geopivot.users/1";
const RECORD_BYTES = R.RECORD_WORDS * 4;
const encoder = new TextEncoder();

/** What a history is made of. */
interface HistoryParts {
  readonly store: UserRecordStore;
  readonly locations: UserLocationTable;
}

interface Header {
  readonly format: string;
  readonly users: number;
  /** Country, `country|region|city`, latitude, longitude (null: none), radius in km; the first is location 1. */
  readonly locations: readonly (readonly [string, string, number | null, number | null, number])[];
}

/** A line of JSON, padded with spaces to a multiple of 128 bytes, then the records in little-endian order. */
export function saveHistory(history: HistoryParts): Uint8Array {
  const { locations, store } = history;
  const header: Header = { format: MAGIC, users: store.size, locations: locations.rows() };
  const text = encoder.encode(JSON.stringify(header));
  const begin = Math.ceil((text.length + 1) / RECORD_BYTES) * RECORD_BYTES;
  const bytes = new Uint8Array(begin + store.size * RECORD_BYTES);
  bytes.fill(0x20, 0, begin);
  bytes.set(text);
  bytes[begin - 1] = 0x0a;
  const words = new Uint32Array(bytes.buffer);
  let to = begin / 4;
  store.forEach((block, at) => {
    words.set(block.subarray(at, at + R.RECORD_WORDS), to);
    words[to + R.CLASSES]! &= 0x7fffffff; // an open episode is not part of what is known
    to += R.RECORD_WORDS;
  });
  return bytes;
}

/** Puts saved records into an empty history. Throws `bad-user-store`. */
export function loadHistory<T extends HistoryParts>(bytes: Uint8Array, into: T): T {
  const end = bytes.indexOf(0x0a);
  const header = end < 0 ? null : parseHeader(new TextDecoder().decode(bytes.subarray(0, end)));
  if (header === null) throw suspiciousError("bad-user-store", { why: "its first line is not the header" });
  const size = bytes.length - end - 1;
  if (size !== header.users * RECORD_BYTES) {
    throw suspiciousError("bad-user-store", {
      why: `${header.users} users need ${header.users * RECORD_BYTES} bytes, there are ${size}`,
    });
  }
  for (const [country, city, lat, lon, radius] of header.locations)
    into.locations.add(country, city, lat ?? Number.NaN, lon ?? Number.NaN, radius);
  const aligned = bytes.slice(end + 1);
  const words = new Uint32Array(aligned.buffer, aligned.byteOffset, size / 4);
  for (let from = 0; from < words.length; from += R.RECORD_WORDS) {
    checkRecord(words, from, into.locations.length);
    const row = into.store.findOrAdd(words[from + R.KEY_LOW]!, words[from + R.KEY_HIGH]!);
    into.store.block(row).set(words.subarray(from, from + R.RECORD_WORDS), into.store.offset(row));
  }
  return into;
}

function parseHeader(text: string): Header | null {
  try {
    const header = JSON.parse(text) as Header;
    const good = header.format === MAGIC && Number.isInteger(header.users) && Array.isArray(header.locations);
    return good && header.locations.every(isSpot) ? header : null;
  } catch {
    return null;
  }
}

const isSpot = (location: unknown): boolean =>
  Array.isArray(location) &&
  typeof location[0] === "string" &&
  typeof location[1] === "string" &&
  typeof location[4] === "number";

function checkRecord(words: Uint32Array, at: number, locations: number): void {
  if (words[at + R.KEY_LOW] === 0 && words[at + R.KEY_HIGH] === 0)
    throw suspiciousError("bad-user-store", { why: "a record has no key" });
  for (let k = 0; k < R.SLOT_COUNT; k++) {
    if (words[at + R.SLOTS + k * R.SLOT_WORDS]! >= locations)
      throw suspiciousError("bad-user-store", { why: "a record refers to a place that is not there" });
  }
}
