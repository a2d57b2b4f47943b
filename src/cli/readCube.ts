import type { Cube } from "../cube/cube.js";
import type { CubeOptions } from "../cube/cubeOptions.js";
import { warn } from "./openCommandLocator.js";
import type { InputOptions } from "./options.js";
import { readTraffic } from "./readTraffic.js";

/** Reads logs into a cube of the given dimensions, and says on stderr what could not be read. */
export async function readCube(
  files: readonly string[],
  input: InputOptions,
  options: CubeOptions,
  signal: AbortSignal,
): Promise<Cube> {
  const plan = { cube: () => options, dimensions: options.dimensions ?? [] };
  const { cube, report, warnings } = await readTraffic(files, input, plan, signal);
  warn(warnings);
  if (report.rejected > 0) warn([`${report.rejected} lines are no events, ${report.events} are`]);
  return cube;
}
