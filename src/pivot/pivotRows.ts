import type { Cube } from "../cube/cube.js";
import { aggregate } from "./aggregate.js";
import { attributeOf } from "./attributes/attributeOf.js";
import { LocalTime } from "./attributes/localTime.js";
import { rowMinutes } from "./attributes/rowMinutes.js";
import { pivotError } from "./errors.js";
import { figuresOf, type MeasureColumn, measureColumns } from "./measure.js";
import { keySize, type PivotKey, pivotKey, topKey } from "./pivotKeys.js";
import type { PivotSettings } from "./pivotOptions.js";
import { applyFloor } from "./privacyFloor.js";
import { type CodeFilter, codeFilters, selectGroups } from "./where.js";

/** One row or cell of an answer. */
export interface PivotRow {
  /** Rank of each key. */
  readonly ranks: readonly number[];
  readonly values: readonly (number | null)[];
}

/** An answer in long form: a row for each combination of keys that occurs, totals among them, sorted. */
export interface PivotRows {
  /** Those of the rows first, those of the columns after them. */
  readonly keys: readonly PivotKey[];
  readonly measures: readonly MeasureColumn[];
  readonly rows: readonly PivotRow[];
  /** Requests that the privacy floor keeps out of the table. */
  readonly withheld: number;
}

/** Answers a question in long form. */
export function pivotRows(cube: Cube, settings: PivotSettings): PivotRows {
  const measures = settings.measures.flatMap((measure) => measureColumns(cube, measure));
  const localTime = clockOf(cube, settings.timeZone);
  const filters = codeFilters(cube, settings.where, localTime);
  let groups = selectGroups(cube, filters, settings.fromMs, settings.toMs);
  let keys = [...settings.by, ...settings.columns].map((key) =>
    pivotKey(cube, attributeOf(cube, key, localTime), groups),
  );
  keys = withTop(cube, groups, keys, settings);
  let withheld = 0;
  if (settings.minClients > 0) {
    const floored = applyFloor(cube, groups, keys, settings.minClients);
    ({ withheld } = floored);
    keys = [...floored.keys];
    if (floored.shown) {
      const { shown } = floored;
      groups = shown.map((k) => groups[k]!);
      keys = keys.map((key) => ({ ...key, ranks: shown.map((k) => key.ranks[k]!) }));
    }
  }
  const rows = keySets(settings).flatMap((kept) => sumRows(cube, groups, keys, kept, measures, settings, filters));
  rows.sort((a, b) => compareRanks(a.ranks, b.ranks));
  return { keys, measures, rows, withheld };
}

function clockOf(cube: Cube, timeZone: string): LocalTime | null {
  if (timeZone === "utc") return null;
  try {
    return new LocalTime(cube.places, timeZone);
  } catch (cause) {
    const expected = '"utc", "local" or an IANA time zone';
    throw pivotError("bad-pivot-option", { option: "timeZone", value: timeZone, expected }, cause);
  }
}

function withTop(cube: Cube, groups: Uint32Array, keys: PivotKey[], settings: PivotSettings): PivotKey[] {
  const [first, ...rest] = keys;
  if (!first || settings.top === Number.POSITIVE_INFINITY) return keys;
  const column = measureColumns(cube, settings.topBy)[0]!;
  const sums = aggregate(cube, groups, [first.ranks], [keySize(first)], figuresOf([settings.topBy]));
  const context = { totalCount: 1, minutes: () => 1 };
  const weights = new Map<number, number>();
  for (let row = 0; row < sums.length; row++)
    weights.set(sums.keys[0]![row]!, column.value(sums, row, context) ?? Number.NEGATIVE_INFINITY);
  return [topKey(cube, first, groups, settings.top, weights), ...rest];
}

/** Which keys each kind of row has: all of them; fewer for subtotals and totals. */
function keySets({ by, columns, totals, subtotals }: PivotSettings): boolean[][] {
  const set = (rows: number, withColumns: boolean): boolean[] => [
    ...by.map((_, i) => i < rows),
    ...columns.map(() => withColumns),
  ];
  const sets = [set(by.length, true)];
  if (subtotals) for (let rows = 1; rows < by.length; rows++) sets.push(set(rows, true));
  if (totals && by.length > 0) sets.push(set(0, true));
  if (totals && columns.length > 0) sets.push(...sets.map((kept) => kept.map((keep, i) => keep && i < by.length)));
  return sets;
}

function sumRows(
  cube: Cube,
  groups: Uint32Array,
  keys: readonly PivotKey[],
  kept: readonly boolean[],
  measures: readonly MeasureColumn[],
  settings: PivotSettings,
  filters: readonly CodeFilter[],
): PivotRow[] {
  const used = keys.filter((_, i) => kept[i]);
  const ranks = used.map((key) => key.ranks);
  const sums = aggregate(cube, groups, ranks, used.map(keySize), figuresOf(settings.measures));
  const minutesOf = rowMinutes({ cube, filters, ...settings, localTime: clockOf(cube, settings.timeZone) }, keys);
  const totalCount = sums.count.reduce((total, count) => total + count, 0);
  const ranksOfRow = (row: number): number[] => {
    let column = 0;
    return keys.map((key, i) => (kept[i] ? sums.keys[column++]![row]! : key.totalRank));
  };
  const minutes = (row: number): number => minutesOf(ranksOfRow(row), sums.sample[row]!);
  return Array.from({ length: sums.length }, (_, row) => ({
    ranks: ranksOfRow(row),
    values: measures.map((measure) => measure.value(sums, row, { totalCount, minutes })),
  }));
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}
