import type { Cube } from "../../cube/cube.js";
import type { ReportFrames } from "./reportFrames.js";
import { framesOfGroups } from "./reportFrames.js";
import { type CellTiers, levelRows, sameTiers } from "./reportLevels.js";
import type { ReportLevel, ReportSlice, ReportTimeline } from "./reportModel.js";

/** How many dimensions, and values of each, a page can show alone. */
const MOST_DIMENSIONS = 6;
const MOST_VALUES = 6;
/**
 * The traffic of the busiest values of each of the cube's dimensions, on the cells of the report's levels. Slices together
 * have no more rows than the levels themselves: finer levels are left out of all of them until that is so.
 */
export function reportSlices(tiers: CellTiers, levels: readonly ReportLevel[]): ReportSlice[] {
  const { cube, frames } = tiers;
  const slices: ReportSlice[] = [];
  for (const [d, { name, dictionary }] of cube.dimensions.slice(0, MOST_DIMENSIONS).entries()) {
    const codes = cube.groups.codes[d]!;
    const requests = requestsByCode(cube, codes, dictionary.size);
    const codesByRequests = [...requests.keys()].filter((code) => requests[code]! > 0);
    if (codesByRequests.length < 2) continue;
    codesByRequests.sort((a, b) => requests[b]! - requests[a]!);
    for (const code of codesByRequests.slice(0, MOST_VALUES)) {
      const groups = Uint32Array.from(codes.keys()).filter((group) => codes[group] === code);
      const sums = levelRows(tiers, groups).reverse().slice(0, levels.length);
      slices.push({
        dimension: name,
        value: dictionary.value(code),
        requests: Math.round(requests[code]!),
        timeline: timelineOf(cube, frames, groups),
        levels: sums,
      });
    }
  }
  const depth = fittingLevels(slices, levels);
  return slices.map((slice) => ({ ...slice, levels: slice.levels.slice(0, depth) }));
}

/** How many levels, from the coarsest, slices can have; at least one. */
function fittingLevels(slices: readonly ReportSlice[], levels: readonly ReportLevel[]): number {
  let room = levels.reduce((sum, level) => sum + level.rowCell.length, 0);
  const fits = levels.findIndex((_, i) => {
    room -= slices.reduce((sum, slice) => sum + slice.levels[i]!.rowCell.length, 0);
    return room < 0;
  });
  return fits < 0 ? levels.length : Math.max(1, fits);
}

/** Two cubes that are compared, and what they are called. */
export interface ComparedCubes {
  readonly before: Cube;
  readonly after: Cube;
  readonly labels: readonly [before: string, after: string];
}

/** The traffic of both sides of a comparison, on the cells of the cube that both were merged into. */
export function comparedSlices(
  tiers: CellTiers,
  { before, after, labels }: ComparedCubes,
  depth: number,
): ReportSlice[] {
  return [before, after].map((cube, i) => {
    const groups = Uint32Array.from(cube.groups.place.keys());
    return {
      dimension: "compared",
      value: labels[i]!,
      requests: Math.round(cube.groups.count.reduce((sum, count) => sum + count, 0)),
      timeline: timelineOf(cube, tiers.frames, groups),
      levels: levelRows(sameTiers(cube, tiers), groups).reverse().slice(0, depth),
    };
  });
}

/** Requests and errors a frame of some groups, located or not. */
export function timelineOf(cube: Cube, frames: ReportFrames, groups: Iterable<number>): ReportTimeline {
  const count = new Uint32Array(frames.count);
  const errors = new Uint32Array(frames.count);
  const frame = framesOfGroups(cube, frames);
  for (const group of groups) {
    count[frame[group]!]! += cube.groups.count[group]!;
    errors[frame[group]!]! += cube.groups.errors[group]!;
  }
  return { count, errors };
}

function requestsByCode({ groups }: Cube, codes: Uint32Array, size: number): Float64Array {
  const requests = new Float64Array(size);
  codes.forEach((code, group) => {
    requests[code]! += groups.count[group]!;
  });
  return requests;
}
