import type { CompiledTable } from "../../locate/tables/compiledTable.js";
import type { EventCounts } from "../columns/eventCounts.js";
import type { FieldNames } from "../fields/fieldMap.js";
import type { RejectedPart, StrayTimes } from "../readReport.js";

/** What threads know of the parts of one file; posted to them. */
export interface SharedParts {
  /** Where each part begins, in bytes of the file, and where the last ends. */
  readonly bounds: Float64Array;
  /** How many parts may be read before they are awaited: their columns wait in memory. */
  readonly ahead: number;
  /**
   * In memory that threads share: the first part that nobody has taken, the part that is awaited, whether the plan for the
   * parts was told, and whether a whole table was.
   */
  readonly counters: Int32Array;
}

/** What a thread that reads parts of one file is told once. */
export interface PartReaderData {
  readonly file: string;
  /** Name of the format, or a format string. */
  readonly format: string;
  readonly map?: FieldNames | undefined;
  readonly dimensions?: readonly string[] | undefined;
  readonly trustedProxies?: readonly string[] | undefined;
  readonly timeZone?: string | undefined;
  readonly routes: boolean;
  /** Absent where addresses are looked up by the thread that asked; `same` for the one that the thread had before. */
  readonly table?: CompiledTable | "same" | undefined;
  /** Whether the table finds no IPv6 addresses yet: who meets one asks by {@link WANTS_IPV6} for a {@link WholeTable}. */
  readonly lacksIpv6: boolean;
  /** Whether the thread that asked is to have the events themselves. */
  readonly keepsEvents: boolean;
  /** Whether anybody reads the names of users. */
  readonly keepsNames: boolean;
  /** The parts to read. */
  readonly parts: SharedParts;
}

/** What a thread asks for that meets an IPv6 address. */
export const WANTS_IPV6 = "ipv6";

/** What every thread is told once one has asked. */
export interface WholeTable {
  readonly wholeTable: CompiledTable;
}

/** The lines that begin in the file's bytes [start, end). */
export interface ChunkTask {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

/** What was read of a part. */
export interface PartResult extends RejectedPart {
  readonly id: number;
  /** Whether the thread's dictionaries began with this part. */
  readonly isFresh: boolean;
  /** Of the events; those without a place are counted only where the thread looks up addresses. */
  readonly counts: EventCounts;
  /** The events, unless only what was made of them is wanted. */
  readonly columns: PartColumns | undefined;
  /** What a plan's work made of the events. */
  readonly made: unknown;
  readonly dimensions: readonly {
    readonly name: string;
    /** Values that the thread has met in this part for the first time, in the order of their codes. */
    readonly values: readonly string[];
  }[];
  readonly lines: number;
  readonly skipped: number;
  /** Rows in which a proxy names its client. */
  readonly forwarded: number;
  /** Rows that were taken out. */
  readonly stray: StrayTimes | undefined;
  /** Bytes of the lines read. */
  readonly readBytes: number;
}

/** The events of a part; their codes are those of the dictionaries of the thread that read it. */
export interface PartColumns {
  readonly length: number;
  readonly timeMs: Float64Array;
  readonly family: Uint8Array;
  readonly address: Uint32Array;
  readonly words: Uint32Array;
  readonly place: Uint32Array;
  readonly network: Uint32Array;
  readonly status: Uint16Array;
  readonly latencyMs: Float32Array;
  readonly bytes: Float64Array;
  readonly weight: Float64Array | undefined;
  readonly userLow: Uint32Array;
  readonly userHigh: Uint32Array;
  readonly userStart: Uint32Array;
  readonly userEnd: Uint32Array;
  readonly names: Uint8Array;
  /** Of each dimension, in their order. */
  readonly codes: readonly Uint32Array[];
}
