import type { Shapes } from "../core/options/shape.js";
import { abortSignal, callback, flag, having, list, number, recordOf, text } from "../core/options/shapes.js";
import type { Session } from "../core/pools/session.js";
import type { ColumnLocator } from "./columns/eventColumns.js";
import { LOCATOR } from "./columns/locatorShape.js";
import { readError } from "./errors.js";
import type { FieldNames } from "./fields/fieldMap.js";
import { zoneClock } from "./fields/zoneClock.js";
import type { DecodeOptions } from "./format/makeDecoder.js";

export interface ReadOptions {
  /** Finds the places of addresses: a `Locator`. */
  readonly locator: ColumnLocator;
  /** Keeps threads and memory for the next reading. Default: one of this reading's own, which ends with it. */
  readonly session?: Session;
  /**
   * Name of the format, or a format string in nginx's, Apache's or Envoy's syntax. By default (`auto`) it is told from
   * the content of each source.
   */
  readonly format?: string;
  /** Which field holds what, by geopivot's name: `{ ip: "remote_addr", latency_s: "took" }`. */
  readonly map?: FieldNames;
  /** The dimensions to keep; all by default. */
  readonly dimensions?: readonly string[];
  /** Whether the dimension `route` is made of paths (`/users/{id}` of `/users/123`). Default true. */
  readonly routes?: boolean;
  /** How many values of a dimension are kept apart; those met later are `(other)`. Default 100,000. */
  readonly maxDimensionValues?: number;
  /** Proxies whose word about the client is believed: addresses and CIDR ranges. Default none. */
  readonly trustedProxies?: readonly string[];
  /** IANA zone of times that tell no offset. Default UTC. */
  readonly timeZone?: string;
  /**
   * Whether the memory of a batch is used again as soon as the next is asked for, which is faster: for callers that keep
   * no batch. Default false.
   */
  readonly reuse?: boolean;
  /** Rows of a batch, at most, where one thread reads. Default 262,144. */
  readonly batchRows?: number;
  /** A source is refused when more than this share of its lines is rejected. Default 0.5; 1 refuses none. */
  readonly maxRejectedShare?: number;
  /** Threads that read, for files large enough; the events are the same. Default 1. */
  readonly workers?: number;
  /** Smaller files are read by one thread even so: threads take longer to start. In bytes; default 128 MiB. */
  readonly minWorkerBytes?: number;
  /** Ends the reading with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called now and then, at least once a megabyte. */
  readonly onProgress?: (progress: ReadProgress) => void;
}

/** What each option takes. */
export const READ_OPTIONS: Shapes<ReadOptions> = {
  locator: LOCATOR,
  session: having("a Session: new Session()", "threads", "memory"),
  format: text,
  map: recordOf(text, 'an object of fields by name: { ip: "remote_addr" }'),
  dimensions: list(text, "names"),
  routes: flag,
  maxDimensionValues: number,
  trustedProxies: list(text, "addresses and networks"),
  timeZone: text,
  reuse: flag,
  batchRows: number,
  maxRejectedShare: number,
  workers: number,
  minWorkerBytes: number,
  signal: abortSignal,
  onProgress: callback,
};

export interface ReadProgress {
  /** Uncompressed bytes read so far, of all sources. */
  readonly bytes: number;
  /** Bytes of the files read so far, as they are stored, and of all files; the latter undefined if a source is no file. */
  readonly storedBytes: number;
  readonly totalBytes: number | undefined;
  readonly events: number;
  readonly rejected: number;
  readonly file: string;
}

/** Rows of a batch unless asked otherwise: enough that what a cube does once a batch is little; some 20 MB. */
export const BATCH_ROWS = 262_144;

/** Checks the options and makes of them what decoders need. Throws `bad-option`. */
export function decodeOptions(options: ReadOptions): DecodeOptions {
  const { batchRows = BATCH_ROWS, maxDimensionValues = 1, maxRejectedShare = 0.5, workers = 1 } = options;
  check(
    Number.isInteger(batchRows) && batchRows >= 1 && batchRows <= 1 << 22,
    "batchRows",
    "a whole number from 1 to 4194304",
  );
  check(Number.isInteger(maxDimensionValues) && maxDimensionValues >= 1, "maxDimensionValues", "a whole number from 1");
  check(maxRejectedShare >= 0 && maxRejectedShare <= 1, "maxRejectedShare", "a share from 0 to 1");
  check(Number.isInteger(workers) && workers >= 1 && workers <= 256, "workers", "a whole number from 1 to 256");
  return {
    map: options.map,
    met: Object.keys(options.map ?? {}).length > 0 ? new Set() : undefined,
    dimensions: options.dimensions,
    trusted: options.trustedProxies,
    localToUtc: options.timeZone === undefined ? undefined : zoneClock(options.timeZone),
  };
}

function check(holds: boolean, option: string, why: string): void {
  if (!holds) throw readError("bad-option", { option, why });
}
