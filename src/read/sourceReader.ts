import type { EventColumns } from "./columns/eventColumns.js";
import { type DecodeOptions, makeDecoder } from "./format/makeDecoder.js";
import { headLines, openFormat } from "./format/openFormat.js";
import type { LineDecoder, LineSink } from "./lineDecoder.js";
import type { ReadReportBuilder } from "./readReport.js";
import type { LineBlock } from "./source/lineBlocks.js";
import type { SourceTally } from "./sourceTally.js";

/** Reads the blocks of one source into the columns, in the format that the first block tells. */
export class SourceReader {
  readonly #tally: SourceTally;
  readonly #columns: EventColumns;
  readonly #report: ReadReportBuilder;
  readonly #format: string;
  readonly #decode: DecodeOptions;
  #decoder: LineDecoder | undefined;
  #at = 0;

  /** @param format - name of the format or a format string; `auto` to tell it */
  constructor(
    tally: SourceTally,
    columns: EventColumns,
    report: ReadReportBuilder,
    format: string,
    decode: DecodeOptions,
  ) {
    this.#tally = tally;
    this.#columns = columns;
    this.#report = report;
    this.#format = format;
    this.#decode = decode;
  }

  /** Reads of a block until the columns are full or it ends; tells whether there is more of it to read. */
  read(block: LineBlock): boolean {
    const { tooLong, bytes, end, last } = block;
    const tally = this.#tally;
    if (this.#at === 0 && tooLong !== undefined) {
      tally.line++;
      tally.reject("line-too-long", tooLong, 0, tooLong.length);
    }
    if (end > 0) {
      this.#decoder ??= this.#open(block);
      const columns = this.#columns;
      const before = columns.length;
      this.#at = this.#decoder.scan(bytes, this.#at, end, last);
      tally.events += columns.length - before;
      if (this.#at < end && columns.length >= columns.capacity) {
        if (!columns.isFull) columns.grow();
        return true;
      }
      // What is left needs the bytes that follow it.
      block.used = Math.min(this.#at, end);
      this.#report.bytes += block.used;
    }
    this.#at = 0;
    tally.judgeEarly();
    return false;
  }

  #open(block: LineBlock): LineDecoder {
    const tally = this.#tally;
    tally.head = headLines(block.bytes.subarray(0, block.end));
    const format = openFormat(tally.name, tally.head, this.#format, this.#decode);
    if (format === undefined) return blankLines(tally);
    tally.format = format;
    this.#report.startFile(tally.name, format.name);
    return makeDecoder(format, this.#columns, this.#decode, tally, block.memory);
  }
}

function blankLines(sink: LineSink): LineDecoder {
  return {
    scan(_bytes, _start, end) {
      sink.skipped++;
      return end;
    },
  };
}
