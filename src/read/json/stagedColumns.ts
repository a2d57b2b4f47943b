import { IPV4 } from "../../core/addressColumn.js";
import type { Column } from "../../core/grown.js";
import type { EventColumns } from "../columns/eventColumns.js";

/** Fewer rows than these are copied one by one. */
const FEW_ROWS = 24;

/** Where a kernel's columns are in its memory, and how many rows and dimensions they have room for. */
export interface StagedAddresses {
  readonly MAX_ROWS: Constant;
  readonly MAX_DIMENSIONS: Constant;
  readonly TIME_MS: Constant;
  readonly BYTES: Constant;
  readonly ADDRESS: Constant;
  readonly LATENCY_MS: Constant;
  readonly STATUS: Constant;
  readonly USER_LOW: Constant;
  readonly USER_HIGH: Constant;
  readonly USER_START: Constant;
  readonly USER_END: Constant;
  /** Codes of the first dimension; those of each further one are `CODES_STRIDE` bytes behind. */
  readonly CODES: Constant;
  readonly CODES_STRIDE: Constant;
}

interface Constant {
  readonly value: number;
}

/** Columns of some rows in a kernel's memory, on their way to the batch. */
export class StagedColumns {
  readonly #timeMs: Float64Array;
  /** Only IPv4 addresses are staged. A copy, because V8 fills memory that threads share value by value. */
  readonly #family: Uint8Array;
  readonly #address: Uint32Array;
  readonly #status: Uint16Array;
  readonly #latencyMs: Float32Array;
  readonly #bytes: Float64Array;
  readonly #userLow: Uint32Array;
  readonly #userHigh: Uint32Array;
  readonly #userStart: Uint32Array;
  readonly #userEnd: Uint32Array;
  readonly #names: Uint8Array;
  readonly #codes: readonly Uint32Array[];

  /** @param names - where names are, one behind the other */
  constructor(buffer: ArrayBuffer, at: StagedAddresses, names: Uint8Array) {
    const rows = at.MAX_ROWS.value;
    this.#timeMs = new Float64Array(buffer, at.TIME_MS.value, rows);
    this.#family = new Uint8Array(rows).fill(IPV4);
    this.#address = new Uint32Array(buffer, at.ADDRESS.value, rows);
    this.#status = new Uint16Array(buffer, at.STATUS.value, rows);
    this.#latencyMs = new Float32Array(buffer, at.LATENCY_MS.value, rows);
    this.#bytes = new Float64Array(buffer, at.BYTES.value, rows);
    this.#userLow = new Uint32Array(buffer, at.USER_LOW.value, rows);
    this.#userHigh = new Uint32Array(buffer, at.USER_HIGH.value, rows);
    this.#userStart = new Uint32Array(buffer, at.USER_START.value, rows);
    this.#userEnd = new Uint32Array(buffer, at.USER_END.value, rows);
    this.#names = names;
    this.#codes = Array.from(
      { length: at.MAX_DIMENSIONS.value },
      (_, i) => new Uint32Array(buffer, at.CODES.value + i * at.CODES_STRIDE.value, rows),
    );
  }

  /** Copies the first `rows` rows behind those that the batch has. */
  copyTo(columns: EventColumns, rows: number, nameBytes: number): void {
    const first = columns.length;
    copyRows(this.#family, columns.family, first, rows);
    copyRows(this.#timeMs, columns.timeMs, first, rows);
    copyRows(this.#address, columns.address, first, rows);
    copyRows(this.#status, columns.status, first, rows);
    copyRows(this.#latencyMs, columns.latencyMs, first, rows);
    copyRows(this.#bytes, columns.bytes, first, rows);
    copyRows(this.#userLow, columns.userLow, first, rows);
    copyRows(this.#userHigh, columns.userHigh, first, rows);
    if (columns.keepsNames) {
      copyRows(this.#userStart, columns.userStart, first, rows);
      copyRows(this.#userEnd, columns.userEnd, first, rows);
      columns.addNames(this.#names, nameBytes);
    }
    columns.dimensions.forEach(({ codes }, dimension) => {
      copyRows(this.#codes[dimension]!, codes, first, rows);
    });
    columns.append(rows);
  }
}

function copyRows<T extends Column>(from: T, to: T, first: number, rows: number): void {
  if (rows < FEW_ROWS) for (let row = 0; row < rows; row++) to[first + row] = from[row]!;
  else to.set(from.subarray(0, rows), first);
}
