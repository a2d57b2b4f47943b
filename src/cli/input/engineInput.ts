import type { Analysis } from "../../analyze.js";
import { Cube } from "../../cube/cube.js";
import type { CubeOptions } from "../../cube/cubeOptions.js";
import { DETECTION_DIMENSIONS, type DetectOptions, detect } from "../../detect/detect.js";
import { engineCube, isEngineSource } from "../../engine/engineSource.js";
import type { Locator } from "../../locate/locator.js";
import { ReadReportBuilder } from "../../read/readReport.js";
import { cliError } from "../errors.js";
import type { InputOptions } from "./options.js";

/** Whether the sources of a command are rows in engines. Throws `bad-option` where some are and some are not. */
export function areEngineSources(sources: readonly string[]): boolean {
  const engines = sources.filter(isEngineSource);
  if (engines.length > 0 && engines.length < sources.length)
    throw cliError("bad-option", {
      option: "files",
      value: engines[0]!,
      expected: "logs, or tables of engines, not both at once",
    });
  return engines.length > 0;
}

/** The cube of some tables together. */
export async function readEngineCube(
  sources: readonly string[],
  input: Pick<InputOptions, "map" | "trust"> & { readonly where?: readonly string[] },
  cube: CubeOptions,
  locator: Locator,
  signal: AbortSignal,
): Promise<Cube> {
  const options = {
    ...cube,
    locator,
    signal,
    ...(input.map && { columns: input.map }),
    ...(input.trust && { trustedProxies: input.trust }),
    ...(input.where && { where: input.where }),
  };
  const cubes: Cube[] = [];
  for (const source of sources) cubes.push(await engineCube(source, options));
  return cubes.length === 1 ? cubes[0]! : Cube.merge(cubes);
}

/** What `analyze` tells of a log, of tables: events stay where they are, so what takes single events is not judged. */
export async function analyzeEngines(
  sources: readonly string[],
  input: Pick<InputOptions, "map" | "trust"> & { readonly where?: readonly string[] },
  options: DetectOptions & CubeOptions & { readonly locator: Locator; readonly signal: AbortSignal },
): Promise<Analysis> {
  const { locator, signal, bucketSeconds = 300, resolution = 4, dimensions = DETECTION_DIMENSIONS } = options;
  const counted = { bucketSeconds, resolution, dimensions };
  const cube = await readEngineCube(sources, input, counted, locator, signal);
  const report = new ReadReportBuilder();
  for (const source of sources) report.startFile(source.replace(/\/\/[^@/]*@/, "//"), source.split(":")[0]!);
  const { groups, firstTimeMs: fromMs, lastTimeMs: toMs } = cube;
  let [events, unlocated] = [0, 0];
  for (let g = 0; g < groups.length; g++) {
    events += groups.count[g]!;
    if (groups.place[g] === 0) unlocated += groups.count[g]!;
  }
  report.addCounts({ events, unlocated, fromMs, toMs });
  const warnings = ["tables are judged by region alone: suspicious traffic takes single events"];
  return { cube, findings: detect(cube, options), report, locator, warnings: [...locator.warnings, ...warnings] };
}
