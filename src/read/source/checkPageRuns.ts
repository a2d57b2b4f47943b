import type { CompressionCodec, Compressors, FileMetaData, SchemaElement } from "hyparquet";
import { checkRuns } from "./checkRuns.js";

/** How deep values of a column may nest: the bits of their levels follow from it. */
export interface Levels {
  readonly repetition: number;
  readonly definition: number;
}

/** A page of data as its header has it. */
export interface DataPage {
  readonly version: 1 | 2;
  readonly values: number;
  readonly encoding: number;
  readonly plainBytes: number;
  /** Bytes of levels before the values, in version 2. */
  readonly definitionBytes: number;
  readonly repetitionBytes: number;
  readonly isCompressed: boolean;
}

/** Numbers of Parquet's encodings whose values come in runs. */
const PLAIN_DICTIONARY = 2;
const RUN_LENGTH = 3;
const RUN_LENGTH_DICTIONARY = 8;

/** The levels of a column by its path; the schema is listed depth first. */
export function levelsOf({ schema }: FileMetaData, path: readonly string[]): Levels {
  const levels = { repetition: 0, definition: 0 };
  let at = 1;
  for (const name of path) {
    while (at < schema.length && schema[at]!.name !== name) at = behind(schema, at);
    const { repetition_type: type } = schema[at] ?? {};
    if (type !== "REQUIRED") levels.definition++;
    if (type === "REPEATED") levels.repetition++;
    at++;
  }
  return levels;
}

/** The element behind one and all that is in it. */
function behind(schema: readonly SchemaElement[], at: number): number {
  let next = at + 1;
  for (let child = schema[at]!.num_children ?? 0; child > 0 && next < schema.length; child--)
    next = behind(schema, next);
  return next;
}

/**
 * Checks the lengths of all runs of a page, of its levels and of its values, before anything is decoded.
 *
 * @param bytes - what is stored of the page, without its header
 *
 * Throws `RangeError`.
 */
export function checkPageRuns(
  bytes: Uint8Array,
  page: DataPage,
  levels: Levels,
  { codec, compressors }: { readonly codec: CompressionCodec; readonly compressors: Compressors },
): void {
  const plain = (stored: Uint8Array, length: number): Uint8Array =>
    codec === "UNCOMPRESSED" || !page.isCompressed ? stored : (compressors[codec]?.(stored, length) ?? stored);
  if (page.version === 1) {
    const unpacked = plain(bytes, page.plainBytes);
    let at = 0;
    for (const level of [levels.repetition, levels.definition])
      if (level > 0) at = checkCounted(unpacked, at, level, page);
    checkValues(unpacked, at, page);
    return;
  }
  const { repetitionBytes, definitionBytes, values } = page;
  const ends = [repetitionBytes, repetitionBytes + definitionBytes] as const;
  if (!(repetitionBytes >= 0 && definitionBytes >= 0 && ends[1] <= bytes.length))
    throw new RangeError("a page has more levels than bytes");
  if (levels.repetition > 0) checkRuns(bytes, { at: 0, end: ends[0], bits: bitsOf(levels.repetition), values });
  if (levels.definition > 0) checkRuns(bytes, { at: ends[0], end: ends[1], bits: bitsOf(levels.definition), values });
  checkValues(plain(bytes.subarray(ends[1]), page.plainBytes - ends[1]), 0, page);
}

/** Checks runs that come behind their length in bytes; answers where they end. */
function checkCounted(page: Uint8Array, at: number, level: number, { values }: DataPage): number {
  if (at + 4 > page.length) throw new RangeError("a page ends before its levels");
  const end = at + 4 + new DataView(page.buffer, page.byteOffset, page.byteLength).getUint32(at, true);
  if (end > page.length) throw new RangeError("a page ends before its levels");
  checkRuns(page, { at: at + 4, end, bits: bitsOf(level), values });
  return end;
}

function checkValues(page: Uint8Array, at: number, { encoding, values }: DataPage): void {
  if (encoding === RUN_LENGTH) {
    checkRuns(page, { at: at + 4, end: page.length, bits: 1, values });
  } else if ((encoding === PLAIN_DICTIONARY || encoding === RUN_LENGTH_DICTIONARY) && at < page.length) {
    const bits = page[at]!;
    if (bits > 32) throw new RangeError("a page has wider values than there are");
    if (bits > 0) checkRuns(page, { at: at + 1, end: page.length, bits, values });
  }
}

const bitsOf = (level: number): number => 32 - Math.clz32(level);
