import { KernelRecords } from "./kernelRecords.js";
import type { MmdbFile } from "./mmdbFile.js";
import { RecordColumns } from "./recordColumns.js";
import { RECORDS_AT_ONCE } from "./recordIds.js";
import { ScalarRecordReader } from "./scalarRecordReader.js";

/** Reads the fields that geopivot uses out of some records at once, by a kernel where there is one. */
export class RecordReader {
  /** The fields of the records that were read last. */
  readonly fields = new RecordColumns(RECORDS_AT_ONCE);
  readonly #file: MmdbFile;
  readonly #plain: ScalarRecordReader;
  readonly #kernel: KernelRecords | undefined;

  constructor(file: MmdbFile) {
    this.#file = file;
    this.#plain = new ScalarRecordReader(file, this.fields);
    const kernel = KernelRecords.of(file, this.#plain.steps, this.fields);
    this.#kernel = kernel;
    if (kernel === undefined) this.fields.use(file.bytes);
    else this.#plain.onKey = (step, word, next) => kernel.learn(step, word, next);
  }

  /** Reads the records at offsets of the file. Throws a plain Error where the bytes make no sense. */
  read(offsets: Float64Array): void {
    const kernel = this.#kernel;
    if (kernel?.isStale) {
      const { bytes } = this.#file;
      kernel.use(bytes);
      this.#plain.use(bytes);
    }
    this.fields.clear(0, offsets.length);
    if (kernel !== undefined) kernel.read(offsets, (row) => this.#readPlain(offsets[row]!, row));
    else for (const [row, offset] of offsets.entries()) this.#plain.read(offset, row);
  }

  #readPlain(offset: number, row: number): void {
    // A kernel that gave up may have written something.
    this.fields.clear(row, row + 1);
    this.#plain.read(offset, row);
  }
}
