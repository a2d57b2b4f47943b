/** Which words a record has, beside the first: its bin of latency, and in bit 16 whether it is an error. */
export interface RecordLayout {
  readonly stride: number;
  /** Where the user's two words and the client's word are; -1 if they are not kept. */
  readonly user: number;
  readonly client: number;
}

/** Bit of a record's first word that marks errors; the bits below hold the bin. */
export const RECORD_ERROR = 0x10000;

/** The layout of records for some measures. */
export function recordLayout(measures: ReadonlySet<string>): RecordLayout {
  const user = measures.has("users") ? 1 : -1;
  const client = measures.has("clients") ? (user > 0 ? 3 : 1) : -1;
  return { stride: 1 + (user > 0 ? 2 : 0) + (client > 0 ? 1 : 0), user, client };
}

/** What the events of a chunk hold, group by group: the records of group g are [starts[g], starts[g + 1]). */
export interface GroupRecords {
  readonly groups: number;
  readonly starts: Int32Array;
  /** `stride` words each. */
  readonly words: Uint32Array;
}
