import { availableParallelism } from "node:os";
import type { Events } from "../core/events.js";
import type { Cube } from "../cube/cube.js";
import type { CubeOptions } from "../cube/cubeOptions.js";
import { readCube } from "../cube/readCube.js";
import type { Locator } from "../locate/locator.js";
import type { ReadReport } from "../read/readReport.js";
import { openCommandLocator } from "./openCommandLocator.js";
import type { InputOptions } from "./options.js";
import { openProgress } from "./progress.js";

/** How a log becomes a cube. */
export interface TrafficPlan {
  /** What to keep of the events; told by the first batch, since dimensions depend on what a log has. */
  readonly cube: (first: Events | undefined) => CubeOptions;
  /** Dimensions to read; default: the cube's are all there are. */
  readonly dimensions?: readonly string[];
  /** Sees every batch before it is let go. */
  readonly eachBatch?: (batch: Events) => void;
}

export interface LogRead {
  readonly cube: Cube;
  readonly report: ReadReport;
  readonly locator: Locator;
  /** What is not quite right with the databases or the log. */
  readonly warnings: readonly string[];
}

/** Reads logs into a cube in one pass, batch by batch, showing how far it has come. */
export async function readTraffic(
  files: readonly string[],
  input: InputOptions,
  plan: TrafficPlan,
  signal: AbortSignal,
): Promise<LogRead> {
  const locator = await openCommandLocator(input, signal);
  const progress = openProgress();
  try {
    const { cube, report } = await readCube([...files], {
      locator,
      cube: plan.cube,
      ...readingOptions(input),
      ...(plan.dimensions && { dimensions: plan.dimensions }),
      ...(plan.eachBatch && { onBatch: plan.eachBatch }),
      signal,
      onProgress: (p) => progress.update(p),
    });
    signal.throwIfAborted();
    return { cube, report, locator, warnings: [...locator.warnings, ...report.warnings] };
  } finally {
    progress.stop();
  }
}

/** What the options say of how to read a log, for the reader. */
export function readingOptions(input: InputOptions) {
  return {
    format: input.format,
    ...(input.map && { map: input.map }),
    ...(input.trust && { trustedProxies: input.trust }),
    ...(input.logTimeZone && { timeZone: input.logTimeZone }),
    workers: input.workers ?? availableParallelism(),
  };
}
