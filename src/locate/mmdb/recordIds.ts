/**
 * Writes the ids of records by where they begin in the file; of 0, which is no record and comes alone, as well. Asked once
 * for each record, for {@link RECORDS_AT_ONCE} at most.
 */
export type RecordIds = (recordStarts: Float64Array, ids: Uint32Array) => void;

export const RECORDS_AT_ONCE = 1024;

/** {@link RecordIds} by a function that gives one id. */
export function eachRecord(idOf: (recordStart: number) => number): RecordIds {
  return (recordStarts, ids) => {
    for (let i = 0; i < recordStarts.length; i++) ids[i] = idOf(recordStarts[i]!);
  };
}
