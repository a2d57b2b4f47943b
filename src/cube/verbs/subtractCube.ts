import { type CubeParts, emptyParts } from "../cubeParts.js";
import { cubeError } from "../errors.js";
import { columnOf, listOf } from "../measures/state/stateSchema.js";
import { concatSegments } from "../segments/concatSegments.js";
import { bucketSpan, type Segment } from "../segments/segment.js";
import { sortGroupBy } from "../segments/sortGroupBy.js";
import { checkAlike, renumbered } from "./mergeCubes.js";
import { keepGroups } from "./sliceCube.js";

/**
 * Takes a cube that was merged in out again: `subtractCube(mergeCubes([a, b]), b)` equals `a`, for every measure, as long
 * as no group (bucket, place and values) has events of both. Distinct clients and users cannot be taken out of a group
 * that keeps others, so that case is refused rather than answered wrongly.
 *
 * Throws `cubes-differ` and `not-a-part`.
 */
export function subtractCube(whole: CubeParts, part: CubeParts): CubeParts {
  checkAlike(whole, part);
  const target = emptyParts(whole.settings);
  const left = renumbered(whole, target);
  const right = renumbered(part, target);
  if (right.length === 0) return keepGroups(whole, () => true);
  if (left.length === 0) throw cubeError("not-a-part", { reason: "the cube is empty" });
  const all = concatSegments([left, right]);
  const sizes = [bucketSpan(all), target.places.length, ...target.dimensions.map((d) => d.dictionary.size)];
  const { order, starts, groups } = sortGroupBy([all.bucket, all.place, ...all.codes], sizes, all.length);
  const amounts = amountsOf(all);
  const gone = new Uint8Array(left.length);
  for (let g = 0; g < groups; g++) {
    // The sort is stable: where a group is in both, that of the whole comes first.
    const first = order[starts[g]!]!;
    if (first >= left.length) throw cubeError("not-a-part", { reason: "it has a group that the cube lacks" });
    if (starts[g + 1]! - starts[g]! === 1) continue;
    const second = order[starts[g]! + 1]!;
    const same = amounts.every((column) => column[first] === column[second]);
    if (!same) throw cubeError("not-a-part", { reason: "a group of it has other events in the cube, too" });
    gone[first] = 1;
  }
  return keepGroups(whole, (group) => gone[group] === 0);
}

/** All columns with an amount a group. */
function amountsOf(segment: Segment): ArrayLike<number>[] {
  const { columns, lists } = segment.schema;
  return [
    ...Object.keys(columns).map((name) => columnOf(segment, name)),
    ...lists.flatMap((list) => Object.keys(list.rows).map((name) => columnOf(listOf(segment, list), name))),
  ];
}
