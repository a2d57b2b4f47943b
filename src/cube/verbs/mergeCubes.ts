import { cubeSettings } from "../cubeOptions.js";
import { type CubeParts, emptyParts } from "../cubeParts.js";
import { cubeError } from "../errors.js";
import type { ClientCodes } from "../keys/clientCodes.js";
import type { ClientStore } from "../measures/clientStore.js";
import { regroupTogether } from "../segments/compactSegments.js";
import { mergedOf } from "./mergedOf.js";

/**
 * One cube of the events of several. The order makes no difference, and the result equals the cube of all events at once;
 * the cubes given stay as they are. Cubes without events have nothing to differ in but their options.
 *
 * Throws `cubes-differ` if bucket, resolution, dimensions, measures or the rule for errors are not the same.
 */
export function mergeCubes(cubes: readonly CubeParts[]): CubeParts {
  const [first] = cubes;
  if (!first) return emptyParts(cubeSettings({}));
  for (const other of cubes) checkAlike(first, other);
  const target = emptyParts(first.settings);
  const segments = cubes.map((cube) => renumbered(cube, target)).filter((segment) => segment.length > 0);
  if (segments.length === 0) return target;
  // Renumbered groups are in no order, so none can be copied as it is.
  const segment = regroupTogether(segments, {
    ...mergedOf(target),
    sizes: [target.places.length, ...target.dimensions.map((d) => d.dictionary.size)],
  });
  return {
    ...target,
    segment,
    firstTimeMs: Math.min(...cubes.map((cube) => cube.firstTimeMs)),
    lastTimeMs: Math.max(...cubes.map((cube) => cube.lastTimeMs)),
    outside: cubes.reduce((total, cube) => total + cube.outside, 0),
  };
}

/** Throws `cubes-differ` unless the two cubes count the same things. */
export function checkAlike({ settings: a }: CubeParts, { settings: b }: CubeParts): void {
  const facts: readonly (readonly [what: string, left: unknown, right: unknown])[] = [
    ["bucketSeconds", a.bucketMs / 1000, b.bucketMs / 1000],
    ["resolution", a.resolution, b.resolution],
    ["dimensions", a.dimensions, b.dimensions],
    ["errors", a.errorStatuses, b.errorStatuses],
    ["measures", [...a.measures].sort(), [...b.measures].sort()],
  ];
  for (const [what, left, right] of facts) {
    if (String(left) !== String(right)) throw cubeError("cubes-differ", { what, left: `${left}`, right: `${right}` });
  }
}

/** A segment with the numbers that its places, values and clients have, or now get, in the target. */
export function renumbered(from: CubeParts, target: CubeParts): CubeParts["segment"] {
  const rows = target.places.rowsFrom(from.places);
  const { segment } = from;
  return {
    ...segment,
    place: segment.place.map((row) => rows[row]!),
    codes: segment.codes.map((column, d) => {
      const dimension = target.dimensions[d]!;
      const codes = Uint32Array.from(from.dimensions[d]!.dictionary.values, (value) => dimension.code(value));
      if (from.dimensions[d]!.overflowed) dimension.overflowed = true;
      return column.map((code) => codes[code]!);
    }),
    clients: renumberedClients(segment.clients, from.clients, target.clients),
  };
}

function renumberedClients(store: ClientStore, from: ClientCodes, target: ClientCodes): ClientStore {
  if (from.longCount === 0) return store;
  return { ...store, code: store.code.map((code) => target.codeFrom(from, code)) };
}
