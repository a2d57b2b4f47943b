import { PAGE_BYTES, type WasmMemory, wasmKernel, wasmMemory } from "../../core/wasmKernel.js";
import { EXACT_DISTINCT } from "../../stats/distinctSketch.js";
import type { ClientWriter } from "../measures/clientStore.js";
import type { UserWriter } from "../measures/distinctUsers.js";
import { LATENCY_BINS } from "../measures/latencyStore.js";
import type { GroupRecords, RecordLayout } from "../measures/lists/eventRecord.js";
import type { LatencyWriter } from "../measures/lists/latencyWriter.js";
import { recordListsWasm } from "../wasm/recordListsWasm.js";
import type { RecordArea } from "./eventRecords.js";

/** What wasm/recordLists.as.ts exports. */
interface Kernel {
  latencies(...recordsStrideStartsGroupsBaseWordsEndsCountsHistogram: number[]): number;
  clients(...recordsStrideClientStartsFromGroupsBaseCodesCountsErrorsEndsSlots: number[]): number;
  users(...recordsStrideUserStartsFromGroupsBaseLowsHighsEndsSlots: number[]): number;
}

/** The most records that are given to the kernel at once: some 32 MB. */
const MAX_ROWS = 2 ** 20;
const FIRST_ROWS = 2 ** 13;

const SLOTS_AT = 0;
const HISTOGRAM_AT = SLOTS_AT + 4 * 4 * EXACT_DISTINCT;
const ROWS_AT = HISTOGRAM_AT + 4 * (LATENCY_BINS.count + 1);

/** Does what the writers' `addRecords` do by a kernel, for records that lie in its memory. */
export class RecordKernel implements RecordArea {
  readonly #kernel: Kernel;
  readonly #memory: WasmMemory;
  readonly #layout: RecordLayout;
  #rows = 0;
  words = new Uint32Array(0);
  starts = new Int32Array(0);
  #ends = new Uint32Array(0);
  #counts = new Uint32Array(0);
  /** One behind the other, three words a row: codes, counts and errors of clients, or halves of users, or latencies. */
  #lists = new Uint32Array(0);

  private constructor(kernel: Kernel, memory: WasmMemory, layout: RecordLayout) {
    this.#kernel = kernel;
    this.#memory = memory;
    this.#layout = layout;
  }

  /** Undefined where there is no WebAssembly. */
  static create(layout: RecordLayout): RecordKernel | undefined {
    const memory = wasmMemory(ROWS_AT + rowBytes(layout) * FIRST_ROWS);
    const kernel = memory && wasmKernel<Kernel>(recordListsWasm, memory);
    return memory && kernel && new RecordKernel(kernel, memory, layout);
  }

  get memoryBytes(): number {
    return this.#memory.buffer.byteLength;
  }

  reserve(rows: number): boolean {
    if (rows <= this.#rows) return true;
    if (rows > MAX_ROWS) return false;
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(rows, FIRST_ROWS)));
    const missing = ROWS_AT + rowBytes(this.#layout) * capacity - this.#memory.buffer.byteLength;
    try {
      if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE_BYTES));
    } catch {
      return false;
    }
    this.#place(capacity);
    return true;
  }

  addLatencies({ groups }: GroupRecords, writer: LatencyWriter): void {
    const words = this.#lists.byteOffset;
    const end = this.#kernel.latencies(
      ...[this.words.byteOffset, this.#layout.stride, this.starts.byteOffset, groups, writer.length],
      ...[words, this.#ends.byteOffset, this.#counts.byteOffset, HISTOGRAM_AT],
    );
    const [ends, counts] = [this.#ends.subarray(0, groups), this.#counts.subarray(0, groups)];
    writer.append(new Uint16Array(this.#memory.buffer, words, (end - words) >> 1), ends, counts);
  }

  addClients(records: GroupRecords, writer: ClientWriter): void {
    const { stride, client } = this.#layout;
    const rows = this.#rows;
    this.#addParts(records, writer, (from) => {
      const base = writer.length;
      const codes = this.#lists.byteOffset;
      const to = this.#kernel.clients(
        ...[this.words.byteOffset, stride, client, this.starts.byteOffset, from, records.groups, base],
        ...[codes, codes + 4 * rows, codes + 8 * rows, this.#ends.byteOffset, SLOTS_AT],
      );
      const ends = this.#ends.subarray(from, to);
      const length = to > from ? ends[to - from - 1]! - base : 0;
      const column = (c: number): Uint32Array => this.#lists.subarray(c * rows, c * rows + length);
      writer.append(column(0), column(1), column(2), ends);
      return to;
    });
  }

  addUsers(records: GroupRecords, writer: UserWriter): void {
    const { stride, user } = this.#layout;
    const rows = this.#rows;
    this.#addParts(records, writer, (from) => {
      const base = writer.length;
      const lows = this.#lists.byteOffset;
      const to = this.#kernel.users(
        ...[this.words.byteOffset, stride, user, this.starts.byteOffset, from, records.groups, base],
        ...[lows, lows + 4 * rows, this.#ends.byteOffset, SLOTS_AT],
      );
      const ends = this.#ends.subarray(from, to);
      const length = to > from ? ends[to - from - 1]! - base : 0;
      writer.append(this.#lists.subarray(0, length), this.#lists.subarray(rows, rows + length), ends);
      return to;
    });
  }

  /** Lets the writer itself add the groups that are too large for the kernel, before which `add` stops. */
  #addParts(records: GroupRecords, writer: ClientWriter | UserWriter, add: (from: number) => number): void {
    for (let from = 0; from < records.groups; from++) {
      from = add(from);
      if (from < records.groups) writer.addRecords(records, this.#layout, from, from + 1);
    }
  }

  #place(rows: number): void {
    const { buffer } = this.#memory;
    let at = ROWS_AT;
    const words = (length: number): Uint32Array<ArrayBuffer> => {
      at += 4 * length;
      return new Uint32Array(buffer, at - 4 * length, length);
    };
    this.#rows = rows;
    this.words = words(rows * this.#layout.stride);
    this.#lists = words(3 * rows);
    this.#ends = words(rows);
    this.#counts = words(rows);
    this.starts = new Int32Array(buffer, at, rows + 1);
  }
}

/** Bytes that the memory has a row: its record, three words of lists, and as if it were a group, its start, end and count. */
function rowBytes({ stride }: RecordLayout): number {
  return 4 * (stride + 6) + 1;
}
