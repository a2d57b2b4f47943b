import { checkArgument } from "../core/options/checkOptions.js";
import { text } from "../core/options/shapes.js";
import { embeddedIpv4 } from "./address/embeddedIpv4.js";
import { parseAddress } from "./address/parseAddress.js";
import { locateError, reasonOf } from "./errors.js";
import type { MmdbFile } from "./mmdb/mmdbFile.js";
import { type MmdbValue, MmdbValueReader } from "./mmdb/mmdbValue.js";
import { openMmdb } from "./mmdb/openMmdb.js";
import { eachRecord } from "./mmdb/recordIds.js";
import { walkMmdb } from "./mmdb/walkMmdb.js";
import { readDatabase } from "./sources/readDatabase.js";
import { runInSteps } from "./sources/runInSteps.js";
import { buildTable4 } from "./tables/buildTable4.js";
import { buildTable6 } from "./tables/buildTable6.js";
import { findIpv4, type Table4 } from "./tables/table4.js";
import { findIpv6, type Table6 } from "./tables/table6.js";
import { TableMemory } from "./tables/tableMemory.js";

/** Whole records of an .mmdb file, for what a {@link Locator} does not read: domains, incomes, risk scores. */
export class Records {
  readonly databaseType: string;
  /** Epoch milliseconds; 0 where the file does not say. */
  readonly builtMs: number;
  readonly #file: MmdbFile;
  readonly #table4: Table4;
  readonly #table6: Table6;
  /** Where each record begins in the file; id 0 is no record. */
  readonly #starts: readonly number[];
  readonly #values: MmdbValueReader;
  readonly #words = new Uint32Array(4);

  constructor(file: MmdbFile, table4: Table4, table6: Table6, starts: readonly number[]) {
    this.databaseType = file.databaseType;
    this.builtMs = file.builtMs;
    this.#file = file;
    this.#table4 = table4;
    this.#table6 = table6;
    this.#starts = starts;
    this.#values = new MmdbValueReader(file.bytes, file.dataStart, file.dataEnd);
  }

  /** The record of an address, as the file has it; null where it has none or the text is no address. Throws `corrupt-database`. */
  get(ip: string): MmdbValue | null {
    const family = parseAddress(ip, this.#words);
    if (family === 0) return null;
    const [w0, w1, w2, w3] = this.#words as unknown as [number, number, number, number];
    const inner = family === 4 ? w3 : embeddedIpv4(w0, w1, w2, w3);
    const id = inner >= 0 ? findIpv4(this.#table4, inner) : findIpv6(this.#table6, w0, w1, w2, w3);
    if (id === 0) return null;
    try {
      return this.#values.value(this.#starts[id]!);
    } catch (cause) {
      throw locateError("corrupt-database", { path: this.#file.path, reason: reasonOf(cause) }, cause);
    }
  }
}

/**
 * Opens an .mmdb file for its whole records. Throws `unreadable-database`, `unsupported-database`, `corrupt-database`.
 *
 * @example
 * ```ts
 * const records = await openRecords("enterprise.mmdb");
 * records.get("81.2.69.142"); // all that the file holds of the address, or null
 * ```
 */
export async function openRecords(path: string, options: { readonly signal?: AbortSignal } = {}): Promise<Records> {
  checkArgument("openRecords", "the path", path, text);
  const { signal } = options;
  const file = openMmdb(await readDatabase(path, signal), path);
  const starts = [0];
  const idOf = (start: number): number => (start === 0 ? 0 : starts.push(start) - 1);
  const { ranges4, ranges6 } = await runInSteps(walkMmdb(file, eachRecord(idOf)), signal);
  const memory = TableMemory.create();
  const table4 = await runInSteps(buildTable4(ranges4, memory), signal);
  const table6 = await runInSteps(buildTable6(ranges6, memory), signal);
  return new Records(file, table4, table6, starts);
}
