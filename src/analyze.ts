import { availableParallelism } from "node:os";
import { checkArgument, checkOptions, pickOptions } from "./core/options/checkOptions.js";
import type { Shapes } from "./core/options/shape.js";
import { callback, list, text } from "./core/options/shapes.js";
import type { Cube } from "./cube/cube.js";
import { CUBE_OPTIONS, type CubeOptions } from "./cube/cubeOptions.js";
import { READ_CUBE_OPTIONS, type ReadCubeOptions, readCube } from "./cube/readCube.js";
import { DETECT_OPTIONS, DETECTION_DIMENSIONS, type DetectOptions, detect } from "./detect/detect.js";
import type { Finding } from "./detect/finding.js";
import type { SourceSpan } from "./detect/regional/series/sourceCoverage.js";
import { tooFewClients } from "./detect/regional/signals/tooFewClients.js";
import { tooLittleHistory } from "./detect/regional/signals/tooLittleHistory.js";
import { SuspiciousDetector } from "./detect/suspicious/suspiciousDetector.js";
import type { Locator } from "./locate/locator.js";
import { LOCATOR_OPTIONS, type LocatorOptions, openLocator } from "./locate/openLocator.js";
import type { ReadReport } from "./read/readReport.js";
import type { LogSource } from "./read/source/openSource.js";
import { LOG_SOURCES } from "./read/source/sourceShape.js";

/** What to read, how to place it and how to judge it; all of it optional. */
export interface AnalyzeOptions
  extends Omit<ReadCubeOptions, "locator" | "cube" | "dimensions" | "onBatch">,
    Omit<DetectOptions, "events" | "found">,
    Pick<LocatorOptions, "databases" | "networks" | "lists" | "nowMs">,
    Pick<CubeOptions, "bucketSeconds" | "resolution" | "errors"> {
  /** Finds the places of addresses. Default: one opened from `databases`, `networks` and `lists`. */
  readonly locator?: Locator;
  /** The dimensions to count by. Default: those of {@link DETECTION_DIMENSIONS} that the log has. */
  readonly dimensions?: readonly string[];
  /** Called when the log is read and before it is judged, which takes some seconds without a pause. */
  readonly onRead?: () => void;
}

const { cube: _cube, onBatch: _onBatch, ...READING } = READ_CUBE_OPTIONS;
const { events: _events, found: _found, ...JUDGING } = DETECT_OPTIONS;

/** What each option takes. */
export const ANALYZE_OPTIONS: Shapes<AnalyzeOptions> = {
  ...READING,
  ...JUDGING,
  databases: LOCATOR_OPTIONS.databases,
  networks: LOCATOR_OPTIONS.networks,
  lists: LOCATOR_OPTIONS.lists,
  nowMs: LOCATOR_OPTIONS.nowMs,
  bucketSeconds: CUBE_OPTIONS.bucketSeconds,
  resolution: CUBE_OPTIONS.resolution,
  errors: CUBE_OPTIONS.errors,
  dimensions: list(text, "names"),
  onRead: callback,
};

/** What suspicious traffic is told by, beside what the cube counts by. */
const READ_BESIDE = ["path", "method", "user_agent"];

/** The fields that are looked at unless `dimensions` says otherwise. */
export const ANALYZED_FIELDS: readonly string[] = [...DETECTION_DIMENSIONS, ...READ_BESIDE];

/** What was found in a log, and all that a report of it takes. */
export interface Analysis {
  readonly cube: Cube;
  /** Gravest first, then by time. */
  readonly findings: readonly Finding[];
  /** What was read: files, events, lines that are none. */
  readonly report: ReadReport;
  /** The locator given, or the one opened; its `attributions` must stand wherever the results are shown. */
  readonly locator: Locator;
  /** What is not quite right with the databases or the log, and what could not be judged. */
  readonly warnings: readonly string[];
}

/**
 * The main job in one call: reads logs in one pass and bounded memory, places the requests, counts them in a cube, and finds
 * regional outages, latency hotspots and suspicious traffic. Without a locator or databases, those that `findDatabases`
 * finds serve. `workers` is by default as many as there are processors.
 *
 * @throws what `openLocator`, `readCube` and `detect` throw, and the signal's reason
 * @example
 * ```ts
 * const { cube, findings, report } = await analyze("access.log.gz");
 * for (const { severity, title } of findings) console.log(severity, title);
 * ```
 */
export async function analyze(
  sources: LogSource | readonly LogSource[],
  options: AnalyzeOptions = {},
): Promise<Analysis> {
  checkArgument("analyze", "the log", sources, LOG_SOURCES);
  checkOptions("analyze", options, ANALYZE_OPTIONS);
  const { signal, bucketSeconds = 300, resolution = 4, dimensions } = options;
  const locator = options.locator ?? (await openLocator({ deferIpv6: true, ...pickOptions(options, LOCATOR_OPTIONS) }));
  const wanted = dimensions ?? DETECTION_DIMENSIONS;
  const suspicious = new SuspiciousDetector(options.suspicious);
  // One pass over the log: every batch goes into the cube and past the detector that needs single events.
  const { cube, report } = await readCube(sources, {
    workers: availableParallelism(),
    ...pickOptions(options, READING),
    locator,
    cube: (first) => ({
      bucketSeconds,
      resolution,
      ...(options.errors && { errors: options.errors }),
      dimensions: dimensions ?? wanted.filter((name) => first?.dimensions.has(name)),
    }),
    dimensions: [...new Set([...wanted, ...READ_BESIDE])],
    onBatch: (batch) => suspicious.push(batch),
  });
  signal?.throwIfAborted();
  options.onRead?.();
  suspicious.finish();
  const findings = detect(cube, {
    sources: spansOf(report),
    ...pickOptions(options, JUDGING),
    found: suspicious.findings(),
  });
  signal?.throwIfAborted();
  return {
    cube,
    findings,
    report,
    locator,
    warnings: [...locator.warnings, ...report.warnings, ...shortHistory(cube), ...fewClients(cube, options.minClients)],
  };
}

/** The files that the log came in. */
function spansOf({ spans }: ReadReport): SourceSpan[] {
  return Object.entries(spans).map(([name, { events, fromMs, toMs }]) => ({ name, requests: events, fromMs, toMs }));
}

/** Silence about what could not be judged would read as "nothing wrong". */
function shortHistory(cube: Cube): string[] {
  const hours = (ms: number): string => `${Math.round(ms / 360_000) / 10} h`;
  const missing = tooLittleHistory(cube).map(({ subtype, neededMs }) => `${subtype} needs ${hours(neededMs)}`);
  if (missing.length === 0) return [];
  return [
    `the log covers ${hours(cube.bucketCount * cube.bucketMs)}, too little to judge regions by: ${missing.join(", ")}`,
  ];
}

/** The same of a log with next to nobody in it. */
function fewClients(cube: Cube, minClients = 5): string[] {
  if (!tooFewClients(cube, minClients)) return [];
  return [`no country has ${minClients} clients or more, too few to judge regions by`];
}
