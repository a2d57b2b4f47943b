import type { CompressionCodec, Compressors, FileMetaData } from "hyparquet";
import { checkPageRuns, type DataPage, type Levels, levelsOf } from "./checkPageRuns.js";
import { CompactThrift, type ThriftStruct } from "./compactThrift.js";

/** Page headers are read from so many bytes at the start of each page. */
const HEADER_BYTES = 8192;

/** Bytes [start, end) of the file. */
export type FileSlice = (start: number, end: number) => ArrayBuffer | Promise<ArrayBuffer>;

/** A group of rows is read to memory as a whole: no sound writer makes larger ones. */
const MAX_GROUP_BYTES = 2 ** 31;

/**
 * Checks the lengths that a Parquet file states, before anything of their size is allocated: those of its groups of rows and
 * of their columns, those in the header of every page, which together must be what the column says, and those of the runs
 * within pages.
 *
 * Throws `RangeError`, which says what is wrong.
 */
export async function checkParquet(
  metadata: FileMetaData,
  slice: FileSlice,
  size: number,
  compressors: Compressors,
): Promise<void> {
  const rows = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  if (rows !== Number(metadata.num_rows)) throw new RangeError("its groups have another number of rows than it says");
  for (const group of metadata.row_groups)
    for (const { meta_data: column } of group.columns) {
      if (column === undefined) throw new RangeError("a column lies in another file");
      const start = Number(column.dictionary_page_offset ?? column.data_page_offset);
      const stored = Number(column.total_compressed_size);
      const plain = Number(column.total_uncompressed_size);
      if (!(start >= 4 && stored >= 0 && start + stored <= size && plain >= 0 && plain <= MAX_GROUP_BYTES))
        throw new RangeError("a column lies outside of the file");
      const first = Math.min(start, Number(column.data_page_offset));
      await checkPages(slice, first, first + stored, {
        values: Number(column.num_values),
        plain,
        levels: levelsOf(metadata, column.path_in_schema),
        codec: column.codec,
        compressors,
      });
      const isFlat = column.path_in_schema.length === 1;
      if (isFlat && Number(column.num_values) !== Number(group.num_rows))
        throw new RangeError("a column has another number of values than there are rows");
    }
}

interface Stated {
  readonly values: number;
  readonly plain: number;
  readonly levels: Levels;
  readonly codec: CompressionCodec;
  readonly compressors: Compressors;
}

async function checkPages(slice: FileSlice, from: number, end: number, stated: Stated): Promise<void> {
  let values = 0;
  for (let at = from; at < end && values < stated.values; ) {
    const bytes = new Uint8Array(await slice(at, Math.min(end, at + HEADER_BYTES)));
    const thrift = new CompactThrift(bytes, 0);
    const header = thrift.struct();
    const plain = numberOf(header[2]);
    const stored = numberOf(header[3]);
    const page = structOf(header[5]) ?? structOf(header[8]);
    const dictionary = structOf(header[7]);
    const count = numberOf((page ?? dictionary)?.[1] ?? 0);
    at += thrift.at + stored;
    if (!(plain >= 0 && plain <= stated.plain && stored >= 0 && at <= end))
      throw new RangeError("a page is larger than its column");
    // A dictionary has a byte or more a value; but one of the empty string, a length.
    if (!(count >= 0 && (page !== undefined ? (values += count) <= stated.values : count <= Math.max(1, 8 * plain))))
      throw new RangeError("a page has more values than its column");
    const data = dataPage(header);
    if (data === null) continue;
    const body = new Uint8Array(await slice(at - stored, at));
    checkPageRuns(body, data, stated.levels, stated);
  }
  if (values !== stated.values) throw new RangeError("its pages have fewer values than their column");
}

/** What the header says of a page of data; null of a dictionary. */
function dataPage(header: ThriftStruct): DataPage | null {
  const [first, second] = [structOf(header[5]), structOf(header[8])];
  const page = first ?? second;
  if (page === undefined) return null;
  const isFirst = first !== undefined;
  return {
    version: isFirst ? 1 : 2,
    values: numberOf(page[1]),
    encoding: numberOf(isFirst ? page[2] : page[4]),
    plainBytes: numberOf(header[2]),
    definitionBytes: isFirst ? 0 : numberOf(page[5]),
    repetitionBytes: isFirst ? 0 : numberOf(page[6]),
    isCompressed: isFirst || page[7] !== 0,
  };
}

const numberOf = (value: number | ThriftStruct | undefined): number => (typeof value === "number" ? value : -1);
const structOf = (value: number | ThriftStruct | undefined): ThriftStruct | undefined =>
  typeof value === "object" ? value : undefined;
