import { Cube } from "../cube/cube.js";
import type { CubeOptions } from "../cube/cubeOptions.js";
import { readBatches } from "../read/readBatches.js";
import { openCommandLocator } from "./openCommandLocator.js";
import type { InputOptions } from "./options.js";
import { openProgress } from "./progress.js";

/** Reads logs into a cube, batch by batch, showing how far it has come. */
export async function readCube(
  files: readonly string[],
  input: InputOptions,
  options: CubeOptions,
  signal: AbortSignal,
): Promise<Cube> {
  const locator = await openCommandLocator(input, signal);
  const cube = new Cube(options);
  const progress = openProgress();
  try {
    const batches = readBatches([...files], {
      locator,
      format: input.format,
      ...(input.map ? { map: input.map } : {}),
      dimensions: options.dimensions ?? [],
      signal,
      onProgress: ({ bytes, events }) => progress.update(bytes, undefined, events),
    });
    for await (const batch of batches) cube.add(batch);
    const { rejected, events } = batches.report;
    if (rejected > 0) process.stderr.write(`geopivot: ${rejected} lines are no events, ${events} are\n`);
  } finally {
    progress.stop();
  }
  return cube;
}
