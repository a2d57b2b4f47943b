import { filterDimension } from "../../cube/build/eventFilter.js";
import type { Cube } from "../../cube/cube.js";
import type { CubeOptions } from "../../cube/cubeOptions.js";
import { readCube } from "../../cube/readCube.js";
import { cliError } from "../errors.js";
import { openProgress } from "../progress.js";
import { checkMap } from "./checkNames.js";
import { areEngineSources, readEngineCube } from "./engineInput.js";
import { type FilterOptions, filterOf } from "./filterOptions.js";
import { openCommandLocator, warn } from "./openCommandLocator.js";
import type { InputOptions } from "./options.js";
import { readOptions } from "./readOptions.js";

/** Reads logs into a cube of the given dimensions, and says on stderr what could not be read. */
export async function readCommandCube(
  files: readonly string[],
  input: InputOptions,
  cubeOptions: CubeOptions,
  signal: AbortSignal,
  filter: FilterOptions = {},
): Promise<Cube> {
  const conditions = [...(filter.where ?? []), ...(filter.exclude ?? [])].flatMap(
    (text) => filterDimension(text) ?? [],
  );
  checkMap(input.map, [...(cubeOptions.dimensions ?? []), ...conditions]);
  const locator = await openCommandLocator(input, signal);
  if (areEngineSources(files)) {
    const { where, exclude = [] } = filterOf(filter);
    if (exclude.length > 0)
      throw cliError("bad-option", {
        option: "--exclude",
        value: exclude[0]!,
        expected: "--where with !=, for tables",
      });
    return readEngineCube(files, { ...input, ...(where && { where }) }, cubeOptions, locator, signal);
  }
  const progress = await openProgress();
  const { cube, report } = await readCube([...files], {
    ...readOptions(input, signal),
    ...filterOf(filter),
    locator,
    cube: () => cubeOptions,
    dimensions: cubeOptions.dimensions ?? [],
    onProgress: (p) => progress.update(p),
  }).finally(() => progress.stop());
  signal.throwIfAborted();
  warn([...locator.warnings, ...report.warnings]);
  if (report.rejected > 0) warn([`${report.rejected} lines are no events, ${report.events} are`]);
  return cube;
}
