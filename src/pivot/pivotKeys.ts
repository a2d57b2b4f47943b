import { OTHER_VALUES } from "../core/otherValues.js";
import type { Cube } from "../cube/cube.js";
import { type Attribute, type Label, ranksOf, valuesOfGroups } from "./attributes/attribute.js";

/** What values beyond the top, and those too rare to show, count as; {@link OTHER_VALUES} where a value is called so. */
export const OTHER = "other";
/** What stands in the columns that a total is over. */
export const TOTAL = "total";

/** One key of a table: a column of ranks, so that sorting by number sorts by label. */
export interface PivotKey {
  readonly attribute: Attribute;
  /** By rank; the last two are "other" and "total". */
  readonly labels: readonly Label[];
  /** Rank of each selected group, in the order of the selection. */
  readonly ranks: Uint32Array;
  readonly otherRank: number;
  readonly totalRank: number;
  /** Rank of each of the attribute's codes. */
  readonly rankOfCode: Uint32Array;
}

/** The key of an attribute for the selected groups. */
export function pivotKey(
  cube: Cube,
  attribute: Attribute,
  groups: Uint32Array,
  rankOfCode = ranksOf(attribute),
): PivotKey {
  const ranks = valuesOfGroups(cube, attribute, groups, rankOfCode);
  const labels: Label[] = [];
  rankOfCode.forEach((rank, code) => {
    labels[rank] = attribute.labels[code]!;
  });
  const otherRank = labels.push(attribute.labels.includes(OTHER) ? OTHER_VALUES : OTHER) - 1;
  const totalRank = labels.push(TOTAL) - 1;
  mergeOtherValues(attribute, rankOfCode, ranks, otherRank);
  return { attribute, labels, ranks, otherRank, totalRank, rankOfCode };
}

/** What the cube already counts as other values is shown with those beyond the top: one row, not two of a kind. */
function mergeOtherValues({ labels }: Attribute, rankOfCode: Uint32Array, ranks: Uint32Array, otherRank: number): void {
  const code = labels.indexOf(OTHER_VALUES);
  if (code < 0) return;
  const rank = rankOfCode[code]!;
  for (let k = 0; k < ranks.length; k++) if (ranks[k] === rank) ranks[k] = otherRank;
}

/** How many ranks a key may have. */
export const keySize = (key: PivotKey): number => key.totalRank + 1;

/** A key whose values come in the order of a measure, greatest first, all beyond the first `limit` being "other". */
export function topKey(
  cube: Cube,
  key: PivotKey,
  groups: Uint32Array,
  limit: number,
  weights: ReadonlyMap<number, number>,
): PivotKey {
  const ranked = [...weights.keys()].sort((a, b) => weights.get(b)! - weights.get(a)! || a - b);
  const place = new Map(ranked.map((rank, index) => [rank, index]));
  const rankOfCode = key.rankOfCode.map((rank) => place.get(rank) ?? ranked.length);
  let unseen = ranked.length;
  rankOfCode.forEach((rank, code) => {
    if (rank === ranked.length) rankOfCode[code] = unseen++;
  });
  const sorted = pivotKey(cube, key.attribute, groups, rankOfCode);
  return { ...sorted, ranks: sorted.ranks.map((rank) => (rank < limit ? rank : sorted.otherRank)) };
}
