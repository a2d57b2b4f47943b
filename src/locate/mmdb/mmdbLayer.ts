import { widenLargeBlocks } from "../places/widenLargeBlocks.js";
import type { Ranges4 } from "../ranges/ranges4.js";
import type { Ranges6 } from "../ranges/ranges6.js";
import type { Layer, LayerIndexes } from "../sources/layer.js";
import { inFileMemory } from "./fileMemory.js";
import type { MmdbFile } from "./mmdbFile.js";
import { RecordPairs } from "./recordPairs.js";
import { walkMmdb } from "./walkMmdb.js";

/** Bytes a record with a place of its own takes at least, roughly; room for more than a million is made when it is needed. */
const RECORD_BYTES = 40;
const MAX_EXPECTED = 1 << 20;
/** Records with the same name of a city at most, roughly. */
const RECORDS_A_CITY = 4;

/** Compiles the networks of an .mmdb file to ranges of pair ids, in steps. Throws `corrupt-database`. */
export function* mmdbLayer(file: MmdbFile, indexes: LayerIndexes): Generator<undefined, Layer> {
  const records = Math.min(MAX_EXPECTED, Math.ceil((file.dataEnd - file.dataStart) / RECORD_BYTES));
  // Beside another database's places, most of a second one's are known.
  yield* indexes.places.expect(Math.max(records, 1.5 * indexes.places.places.length));
  yield* indexes.places.places.cities.expect(records / RECORDS_A_CITY);
  const held = yield* inFileMemory(file);
  const pairs = new RecordPairs(held, indexes);
  const { ranges4, ranges6 } = yield* walkMmdb(held, (recordStarts, ids) => pairs.ids(recordStarts, ids));
  if (pairs.assumesAccuracy) yield* widenLargeBlocks(ranges4, indexes);
  return { ranges4, ranges6, covers4: covers(ranges4), covers6: covers(ranges6) };
}

const covers = ({ length, ids }: Ranges4 | Ranges6): boolean => length > 1 || ids[0] !== 0;
