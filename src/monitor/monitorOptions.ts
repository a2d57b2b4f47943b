import { checkOptions } from "../core/options/checkOptions.js";
import type { Shapes } from "../core/options/shape.js";
import {
  abortSignal,
  callback,
  either,
  list,
  literal,
  nested,
  number,
  seconds as SECONDS,
  text,
} from "../core/options/shapes.js";
import { SECOND_MS } from "../core/time.js";
import { CUBE_OPTIONS, type CubeOptions } from "../cube/cubeOptions.js";
import { DETECTION_DIMENSIONS } from "../detect/detect.js";
import { SERVERS, type ServerPosition } from "../detect/regional/findSlowForDistance.js";
import { REGIONAL_OPTIONS, type RegionalOptions } from "../detect/regional/regionalOptions.js";
import type { ExpectedLatency } from "../detect/regional/routing/findMisrouted.js";
import { SUSPICIOUS_OPTIONS, type SuspiciousOptions } from "../detect/suspicious/suspiciousOptions.js";
import type { ColumnLocator } from "../read/columns/eventColumns.js";
import { OBJECT_OPTIONS, type ObjectOptions } from "../read/records/eventsFromObjects.js";
import { monitorError } from "./errors.js";
import type { BucketPart } from "./fleet/bucketPart.js";
import type { FindingChange } from "./journal/findingChange.js";

/** How a {@link Monitor} reads, judges, remembers and tells. */
export interface MonitorOptions
  extends RegionalOptions,
    Pick<CubeOptions, "bucketSeconds" | "resolution" | "errors" | "measures">,
    Omit<ObjectOptions, "locator" | "dimensions"> {
  /** Finds the places of addresses; batches of events that are pushed must have been located by it. */
  readonly locator: ColumnLocator;
  /** The dimensions to count by. Default: `service`, `pop` and `version`. */
  readonly dimensions?: readonly string[];
  /** How suspicious traffic is told; `false` looks for none. */
  readonly suspicious?: SuspiciousOptions | false;
  /**
   * Where requests are answered: places that are slow for their distance are told then, too, and, where a dimension has the
   * servers' names, clients that a server farther away answers than before. Default none.
   */
  readonly servers?: readonly ServerPosition[];
  /** What clients would see from each server: `(place, server) => model.predict(place, server).ms`. Default by distance. */
  readonly expectedMs?: ExpectedLatency;
  /** Name of the format of lines that are pushed, as for `readEvents`. Default `auto`: told from the first ones. */
  readonly format?: string;

  /** How much later than others an event may come and still count, in seconds of event time. Default 60. */
  readonly maxDelaySeconds?: number;
  /** A source that is so far behind the others holds nothing back any more, in seconds. Default 300. */
  readonly idleSeconds?: number;
  /**
   * An event so far ahead of all others is not believed until more come that say the same, in seconds: a clock that is wrong
   * must not end the present. Default 3,600.
   */
  readonly maxAheadSeconds?: number;
  /** Events that wait for their time to be complete, at the most; those beyond are dropped and counted. Default 1,000,000. */
  readonly maxBufferedEvents?: number;
  /** The traffic of so many seconds is kept in full, for what findings say and `cube()` answers. Default 8 days. */
  readonly historySeconds?: number;
  /** That traffic takes this much memory at the most; the oldest goes first. Default 512 MiB. */
  readonly maxHistoryBytes?: number;
  /** A finding is told to be over after so many quiet seconds. Default two buckets. */
  readonly resolveAfterSeconds?: number;

  /** The folder that keeps what must survive a restart. Default none: it is all forgotten. */
  readonly state?: string;
  /** How often a snapshot is written there, in seconds of event time. Default 3,600; between them a journal is. */
  readonly snapshotSeconds?: number;

  /**
   * After a restart, what was seen of users and addresses is read again from journals of about so many bytes. Default 64 MiB,
   * some five million events.
   */
  readonly maxJournalBytes?: number;

  /** The name of this instance, where several hand their buckets to one that merges them. Default empty. */
  readonly instance?: string;
  /** Called with each bucket that has closed, to be written or sent to the one that merges: see `Monitor.merge`. */
  readonly onBucket?: (part: BucketPart) => void;
  /** A clock for the times in `health()`, milliseconds: `performance.now`. Default none: they are not measured. */
  readonly clock?: () => number;

  /** Called with each finding that is told for the first time. */
  readonly onFinding?: (change: FindingChange) => void;
  /** Called with each change of a finding. */
  readonly onChange?: (change: FindingChange) => void;
  /** Called with what goes wrong beside the caller's own calls: state that cannot be written, a callback that throws. */
  readonly onError?: (error: unknown) => void;
  /** Closes the monitor. */
  readonly signal?: AbortSignal;
}

const { bucketSeconds, resolution, errors, measures } = CUBE_OPTIONS;

/** What each option takes. */
export const MONITOR_OPTIONS: Shapes<MonitorOptions> = {
  ...REGIONAL_OPTIONS,
  ...{ bucketSeconds, resolution, errors, measures },
  ...OBJECT_OPTIONS,
  dimensions: list(text, "names"),
  suspicious: either(literal(false), nested(SUSPICIOUS_OPTIONS)),
  servers: SERVERS,
  expectedMs: callback,
  format: text,
  ...{ maxDelaySeconds: SECONDS, idleSeconds: SECONDS, maxAheadSeconds: SECONDS, maxBufferedEvents: number },
  ...{ historySeconds: SECONDS, maxHistoryBytes: number, resolveAfterSeconds: SECONDS },
  ...{ state: text, snapshotSeconds: SECONDS, maxJournalBytes: number, instance: text },
  ...{ onBucket: callback, clock: callback, onFinding: callback, onChange: callback, onError: callback },
  signal: abortSignal,
};

/** The options of a monitor with their defaults filled in, checked. */
export interface MonitorSettings {
  readonly bucketMs: number;
  /** A bucket is filled in slices of this length, so that its work is spread over its time. */
  readonly sliceMs: number;
  readonly delayMs: number;
  readonly idleMs: number;
  readonly aheadMs: number;
  readonly maxBufferedEvents: number;
  readonly historyMs: number;
  readonly maxHistoryBytes: number;
  readonly resolveAfterMs: number;
  readonly snapshotMs: number;
  readonly maxJournalBytes: number;
  readonly dimensions: readonly string[];
  /** The dimensions that are read: those to count by, and those that suspicious traffic is told by. */
  readonly readDimensions: readonly string[];
}

/** What the detectors of suspicious traffic look at besides. */
const LOOKED_AT = ["path", "method", "user_agent"];
/** Slices of a bucket are about this long. */
const SLICE_MS = 15 * SECOND_MS;
const DAY_SECONDS = 86_400;

/** Fills in defaults. Throws `bad-monitor-option`. */
export function monitorSettings(options: MonitorOptions): MonitorSettings {
  checkOptions("Monitor", options, MONITOR_OPTIONS, ["locator"]);
  const { bucketSeconds = 300, dimensions = DETECTION_DIMENSIONS, suspicious } = options;
  const bucketMs = seconds("bucketSeconds", bucketSeconds, 1);
  const asked = suspicious === false ? [] : [...LOOKED_AT, ...(suspicious?.originsOf ?? ["service"])];
  return {
    bucketMs,
    sliceMs: bucketMs / slicesOf(bucketMs),
    delayMs: seconds("maxDelaySeconds", options.maxDelaySeconds ?? 60, 0),
    idleMs: seconds("idleSeconds", options.idleSeconds ?? 300, 0),
    aheadMs: seconds("maxAheadSeconds", options.maxAheadSeconds ?? 3_600, 1),
    maxBufferedEvents: positive("maxBufferedEvents", options.maxBufferedEvents ?? 1_000_000),
    historyMs: seconds("historySeconds", options.historySeconds ?? 8 * DAY_SECONDS, bucketSeconds),
    maxHistoryBytes: positive("maxHistoryBytes", options.maxHistoryBytes ?? 2 ** 29),
    resolveAfterMs: seconds("resolveAfterSeconds", options.resolveAfterSeconds ?? 2 * bucketSeconds, 0),
    snapshotMs: seconds("snapshotSeconds", options.snapshotSeconds ?? 3_600, 1),
    maxJournalBytes: positive("maxJournalBytes", options.maxJournalBytes ?? 2 ** 26),
    dimensions,
    readDimensions: [...new Set([...dimensions, ...asked])],
  };
}

/** Into how many equal slices of whole milliseconds a bucket is cut. */
function slicesOf(bucketMs: number): number {
  let slices = Math.max(1, Math.round(bucketMs / SLICE_MS));
  while (bucketMs % slices !== 0) slices--;
  return slices;
}

function seconds(option: string, value: number, least: number): number {
  if (!(value >= least && Number.isFinite(value) && Number.isInteger(value * SECOND_MS)))
    throw monitorError("bad-monitor-option", {
      option,
      value: String(value),
      expected: `a number of seconds from ${least} on`,
    });
  return value * SECOND_MS;
}

function positive(option: string, value: number): number {
  if (!(value > 0)) throw monitorError("bad-monitor-option", { option, value: String(value), expected: "above 0" });
  return value;
}
