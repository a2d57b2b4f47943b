import { IPV4 } from "../../core/addressColumn.js";
import type { Column } from "../../core/grown.js";
import type { EventColumns } from "../columns/eventColumns.js";
import type { KernelLayout } from "./kernelLayout.js";

/** Dimensions that a kernel has columns for. */
export const MAX_STAGED_DIMENSIONS = 64;
/** Fewer rows than these are copied one by one. */
const FEW_ROWS = 24;
/** What a kernel may write behind the last name. */
const SLACK_BYTES = 16;

/** Columns of some rows in a kernel's memory, on their way to the batch. */
export class StagedColumns {
  readonly #timeMs: Float64Array;
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

  /** @param nameBytes - bytes of all names together, at most */
  constructor(layout: KernelLayout, rows: number, nameBytes: number) {
    this.#timeMs = layout.place(Float64Array, rows);
    this.#address = layout.place(Uint32Array, rows);
    this.#status = layout.place(Uint16Array, rows);
    this.#latencyMs = layout.place(Float32Array, rows);
    this.#bytes = layout.place(Float64Array, rows);
    this.#userLow = layout.place(Uint32Array, rows);
    this.#userHigh = layout.place(Uint32Array, rows);
    this.#userStart = layout.place(Uint32Array, rows);
    this.#userEnd = layout.place(Uint32Array, rows);
    this.#names = layout.place(Uint8Array, nameBytes + SLACK_BYTES);
    this.#codes = Array.from({ length: MAX_STAGED_DIMENSIONS }, () => layout.place(Uint32Array, rows));
  }

  /** Addresses, in the order of `Columns` in wasm/jsonLines/rows.as.ts. */
  get addresses(): number[] {
    const [codes, second] = this.#codes as [Uint32Array, Uint32Array];
    const columns = [this.#timeMs, this.#address, this.#status, this.#latencyMs, this.#bytes];
    const users = [this.#userLow, this.#userHigh, this.#userStart, this.#userEnd];
    const before = [...columns, ...users, codes].map(({ byteOffset }) => byteOffset);
    return [...before, second.byteOffset - codes.byteOffset, this.#names.byteOffset];
  }

  /** Copies the first `rows` rows behind those that the batch has. */
  copyTo(columns: EventColumns, rows: number, nameBytes: number): void {
    const first = columns.length;
    columns.family.fill(IPV4, first, first + rows);
    copyRows(this.#timeMs, columns.timeMs, first, rows);
    copyRows(this.#address, columns.address, first, rows);
    copyRows(this.#status, columns.status, first, rows);
    copyRows(this.#latencyMs, columns.latencyMs, first, rows);
    copyRows(this.#bytes, columns.bytes, first, rows);
    copyRows(this.#userLow, columns.userLow, first, rows);
    copyRows(this.#userHigh, columns.userHigh, first, rows);
    copyRows(this.#userStart, columns.userStart, first, rows);
    copyRows(this.#userEnd, columns.userEnd, first, rows);
    columns.addNames(this.#names, nameBytes);
    columns.dimensions.forEach(({ codes }, dimension) => {
      copyRows(this.#codes[dimension]!, codes, first, rows);
    });
    columns.length = first + rows;
  }
}

function copyRows<T extends Column>(from: T, to: T, first: number, rows: number): void {
  if (rows < FEW_ROWS) for (let row = 0; row < rows; row++) to[first + row] = from[row]!;
  else to.set(from.subarray(0, rows), first);
}
