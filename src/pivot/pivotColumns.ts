import type { Cube } from "../cube/cube.js";
import type { Label } from "./attributes/attribute.js";
import { pivotError } from "./errors.js";
import type { PivotKey } from "./pivotKeys.js";
import { type PivotOptions, pivotSettings } from "./pivotOptions.js";
import { type PivotRow, type PivotRows, pivotRows } from "./pivotRows.js";

/** No table is filled up to more rows than this. */
const MAX_FILLED = 1_000_000;

/** Columns of an answer, in order. */
export type Columns = readonly (readonly [name: string, values: readonly Label[]])[];

/**
 * The answer of `pivot` as columns. What asks for itself takes these: arquero, which tables are of, takes longer to load than
 * most questions to answer.
 */
export function pivotColumns(cube: Cube, options: PivotOptions = {}): Columns {
  const settings = pivotSettings(options);
  const answer = pivotRows(cube, settings);
  const filled = settings.fill ? fillUp(answer, settings.by.length) : answer;
  return settings.columns.length > 0 ? crossColumns(filled, settings.by.length) : longColumns(filled);
}

function longColumns({ keys, measures, rows }: PivotRows): Columns {
  return [
    ...keys.map((key, i) => [key.attribute.name, rows.map((row) => key.labels[row.ranks[i]!]!)] as const),
    ...measures.map((measure, i) => [measure.name, rows.map((row) => row.values[i]!)] as const),
  ];
}

/** One row a combination of the first `rowKeys` keys, one column a combination of the others and measure. */
function crossColumns({ keys, measures, rows }: PivotRows, rowKeys: number): Columns {
  const left = distinct(rows, (row) => row.ranks.slice(0, rowKeys));
  const top = distinct(rows, (row) => row.ranks.slice(rowKeys));
  const cells = new Map(rows.map((row) => [row.ranks.join(), row.values]));
  const columns: [string, Label[]][] = keys
    .slice(0, rowKeys)
    .map((key, i) => [key.attribute.name, left.map((ranks) => key.labels[ranks[i]!]!)]);
  const taken = new Set(columns.map(([name]) => name));
  const spread = keys
    .slice(rowKeys)
    .map((key) => key.attribute.name)
    .join(" / ");
  for (const ranks of top) {
    const name = ranks.map((rank, i) => String(keys[rowKeys + i]!.labels[rank] ?? "")).join(" / ");
    measures.forEach((measure, m) => {
      const values = left.map((row) => cells.get([...row, ...ranks].join())?.[m]);
      const title = measures.length > 1 ? `${measure.name}_${name}` : name || "(none)";
      columns.push([
        freeName(title, spread, taken),
        values.map((value) => (value === undefined ? measure.empty : value)),
      ]);
    });
  }
  return columns;
}

/** A column's name that no other column has, nor every object: values come out of logs. */
function freeName(title: string, spread: string, taken: Set<string>): string {
  let name = taken.has(title) || title in Object.prototype ? `${spread}=${title}` : title;
  while (taken.has(name)) name += "_";
  taken.add(name);
  return name;
}

/** Adds a row for every combination of values that occur, each by itself, among the rows. */
function fillUp(answer: PivotRows, rowKeys: number): PivotRows {
  const { keys, measures, rows } = answer;
  const values = keys.slice(0, rowKeys).map((key, i) => {
    const found = rows.map((row) => row.ranks[i]!).filter((rank) => rank !== key.totalRank);
    return [...new Set([...found, ...momentsBetween(key, found)])].sort((a, b) => a - b);
  });
  const size = values.reduce((product, ranks) => product * ranks.length, 1);
  if (size > MAX_FILLED)
    throw pivotError("bad-pivot-option", { option: "fill", value: `${size} rows`, expected: `at most ${MAX_FILLED}` });
  const known = new Set(rows.map((row) => row.ranks.slice(0, rowKeys).join()));
  const rest = keys.slice(rowKeys).map((key) => key.otherRank);
  const firstTop = rows.find((row) => row.ranks.every((rank, i) => rank !== keys[i]!.totalRank))?.ranks.slice(rowKeys);
  const empty = measures.map((measure) => measure.empty);
  const added = product(values)
    .filter((ranks) => !known.has(ranks.join()))
    .map((ranks): PivotRow => ({ ranks: [...ranks, ...(firstTop ?? rest)], values: empty }));
  const all = [...rows, ...added].sort((a, b) => {
    const at = a.ranks.findIndex((rank, i) => rank !== b.ranks[i]);
    return at < 0 ? 0 : a.ranks[at]! - b.ranks[at]!;
  });
  return { ...answer, rows: all };
}

/** Times that no request may have had: every hour and weekday, and every step from the first to the last that occurs. */
function momentsBetween({ attribute, labels, otherRank }: PivotKey, found: readonly number[]): number[] {
  if (!attribute.codeAt) return [];
  const moments = labels.slice(0, otherRank).flatMap((label, rank) => (label === null ? [] : [rank]));
  if (attribute.name === "hour" || attribute.name === "weekday") return moments;
  const times = found.filter((rank) => rank < otherRank && labels[rank] !== null);
  return moments.filter((rank) => rank >= Math.min(...times) && rank <= Math.max(...times));
}

function product(values: readonly (readonly number[])[]): number[][] {
  return values.reduce<number[][]>((all, ranks) => all.flatMap((head) => ranks.map((rank) => [...head, rank])), [[]]);
}

function distinct(rows: readonly PivotRow[], of: (row: PivotRow) => readonly number[]): (readonly number[])[] {
  const found = new Map(rows.map((row) => [of(row).join(), of(row)]));
  return [...found.values()].sort((a, b) => {
    const at = a.findIndex((rank, i) => rank !== b[i]);
    return at < 0 ? 0 : a[at]! - b[at]!;
  });
}
