import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { crc32 } from "node:zlib";
import type { Column } from "../../core/grown.js";
import { allocateShared } from "../../core/grown.js";
import { locateError, reasonOf } from "../errors.js";
import {
  columnType,
  decodeColumn,
  encodeColumn,
  type StoredArray,
  type StoredColumn,
  type Storing,
  viewOf,
} from "./columnCodec.js";

/** The file begins with these bytes, the version, the header's length, the whole length (two words), and the checksum. */
const MAGIC = Buffer.from("\x89GEOPIVT", "latin1");
const VERSION = 4;
const PROLOGUE_BYTES = 32;
const ALIGNMENT = 8;

/** Columns by name, and facts about them that JSON can hold. */
export interface TableFile {
  readonly meta: unknown;
  readonly columns: Readonly<Record<string, Column>>;
}

interface Header {
  readonly meta: unknown;
  readonly columns: readonly StoredColumn[];
}

/** Whether bytes begin like a file of {@link writeTableFile}. */
export function isTableFile(bytes: Uint8Array): boolean {
  return bytes.length >= MAGIC.length && MAGIC.every((byte, i) => bytes[i] === byte);
}

/**
 * Writes columns to a file: to a temporary one beside it first, which then takes its name, so that readers see the old
 * or the new file and never a part. Throws `unwritable-table`.
 *
 * @param storing - how columns are stored, by name; `small` if nothing is said
 */
export async function writeTableFile(
  path: string,
  { meta, columns }: TableFile,
  storing: Readonly<Record<string, Storing>>,
): Promise<void> {
  const arrays: Column[] = [];
  let offset = 0;
  const put = (array: Column): StoredArray => {
    const stored = { type: columnType(array), offset, length: array.length };
    arrays.push(array);
    offset = aligned(offset + array.byteLength);
    return stored;
  };
  const stored = Object.entries(columns).map(([name, column]) => encodeColumn(name, column, put, storing[name]));
  const header = Buffer.from(JSON.stringify({ meta, columns: stored } satisfies Header));
  const dataStart = aligned(PROLOGUE_BYTES + header.length);
  const file = Buffer.alloc(dataStart + offset);
  MAGIC.copy(file);
  header.copy(file, PROLOGUE_BYTES);
  let at = dataStart;
  for (const array of arrays) {
    file.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at = aligned(at + array.byteLength);
  }
  file.writeUInt32LE(VERSION, 8);
  file.writeUInt32LE(header.length, 12);
  file.writeUInt32LE(file.length % 2 ** 32, 16);
  file.writeUInt32LE(Math.floor(file.length / 2 ** 32), 20);
  file.writeUInt32LE(crc32(file.subarray(PROLOGUE_BYTES)), 24);
  await replaceFile(path, file);
}

/** The checksum of a file that is arriving. */
export class ArrivingSum {
  #sum = 0;

  /** Takes the bytes from `from` on; what comes before them must have been taken. Does nothing if it is another kind of file. */
  add(bytes: Uint8Array, from: number): void {
    if (isTableFile(bytes)) this.#sum = crc32(bytes.subarray(Math.max(from, PROLOGUE_BYTES)), this.#sum);
  }

  get value(): number {
    return this.#sum;
  }
}

/**
 * Reads what {@link writeTableFile} wrote, in steps. Throws `corrupt-database` and `unsupported-database`.
 *
 * @param checksum - of the bytes, by {@link ArrivingSum}
 */
export function* readTableFile(bytes: Uint8Array, checksum: number, path: string): Generator<undefined, TableFile> {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.length < PROLOGUE_BYTES) throw locateError("corrupt-database", { path, reason: "it is cut off" });
  const version = view.readUInt32LE(8);
  if (version !== VERSION) {
    throw locateError("unsupported-database", { path, reason: `its version is ${version}; compile it again` });
  }
  const length = view.readUInt32LE(16) + view.readUInt32LE(20) * 2 ** 32;
  if (length !== view.length) {
    throw locateError("corrupt-database", { path, reason: `it has ${view.length} bytes instead of ${length}` });
  }
  if (checksum !== view.readUInt32LE(24)) {
    throw locateError("corrupt-database", { path, reason: "its checksum is wrong" });
  }
  try {
    return yield* decode(view);
  } catch (cause) {
    throw locateError("corrupt-database", { path, reason: reasonOf(cause) }, cause);
  }
}

function* decode(view: Buffer): Generator<undefined, TableFile> {
  const headerEnd = PROLOGUE_BYTES + view.readUInt32LE(12);
  const header = JSON.parse(view.toString("utf8", PROLOGUE_BYTES, headerEnd)) as Header;
  if (!Array.isArray(header?.columns)) throw new Error("its header is damaged");
  const dataStart = aligned(headerEnd);
  const get = ({ type, offset, length }: StoredArray): Column => {
    const View = viewOf(type);
    const fits = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0;
    if (View === undefined || !fits || dataStart + offset + length * View.BYTES_PER_ELEMENT > view.length) {
      throw new Error("an array lies outside of the file");
    }
    const start = view.byteOffset + dataStart + offset;
    if (start % View.BYTES_PER_ELEMENT === 0) return new View(view.buffer, start, length);
    return new View(view.buffer.slice(start, start + length * View.BYTES_PER_ELEMENT), 0, length);
  };
  const columns: Record<string, Column> = {};
  let room = MAX_ENTRIES_A_BYTE * view.length;
  for (const stored of header.columns) {
    // A column of zeros takes no bytes, so its length alone could ask for any memory.
    room -= stored.length;
    if (!(stored.length >= 0 && room >= 0)) throw new Error(`column ${stored.name} is too long`);
    columns[stored.name] = yield* decodeColumn(stored, get, allocateShared);
    yield;
  }
  return { meta: header.meta, columns };
}

/** Entries of columns for each byte of the file at most; true files have fewer than one. */
const MAX_ENTRIES_A_BYTE = 16;

const aligned = (offset: number): number => Math.ceil(offset / ALIGNMENT) * ALIGNMENT;

async function replaceFile(path: string, content: Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const handle = await open(temporary, "wx");
    try {
      await handle.writeFile(content);
      // Without this a crash could leave the new name on an empty file.
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw locateError("unwritable-table", { path, reason: reasonOf(cause) }, cause);
  }
}
