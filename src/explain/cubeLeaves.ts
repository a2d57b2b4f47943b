import { HOUR_MS } from "../core/time.js";
import type { Cube } from "../cube/cube.js";
import { pivotColumns } from "../pivot/pivotColumns.js";
import type { Where } from "../pivot/where.js";
import type { ExplainedMeasure } from "./explainMeasure.js";
import type { Window } from "./explainWindow.js";
import type { Leaves } from "./localize.js";

/** Levels of place, coarse to fine. */
export const PLACE_LEVELS = ["continent", "country", "region", "city"];
/** Between the parts of a value that stands for itself and what it lies in; no name has it. */
const PATH = "\u0000";

/** One side of a comparison: windows that are summed, and conditions. */
export interface Side {
  readonly windows: readonly Window[];
  readonly where: Where;
}

/** Leaves with the requests of the reference, which are the denominators of shares, and not those of amounts by the hour. */
export interface CubeLeaves extends Required<Leaves> {
  readonly real: Float64Array;
  readonly predicted: Float64Array;
  readonly requestsBefore: Float64Array;
  /** Requests of the window explained, whatever the trials are. */
  readonly requestsNow: Float64Array;
}

/**
 * The leaves of two sides of a cube: every combination of the attributes' values that occurs in either.
 *
 * Values of places are paths (country, then region, then city), so that a city's value fixes its country.
 */
export function cubeLeaves(
  cube: Cube,
  attributes: readonly string[],
  measure: ExplainedMeasure,
  now: Side,
  then: Side,
): CubeLeaves {
  const leaves = new Map<string, Leaf>();
  addSide(leaves, cube, attributes, measure, now, 0);
  addSide(leaves, cube, attributes, measure, then, 2);
  const rows = [...leaves.values()];
  const column = (at: number): Float64Array => Float64Array.from(rows, ({ sums }) => sums[at]!);
  const exposure = (side: Side): Float64Array | undefined =>
    measure.kind === "share" ? undefined : new Float64Array(rows.length).fill(hoursOf(cube, side));
  return {
    attributes: Object.fromEntries(
      inOrderOfNaming(attributes).map((name) => [name, rows.map(({ values }) => values[attributes.indexOf(name)]!)]),
    ),
    real: column(0),
    realTotal: exposure(now) ?? column(1),
    predicted: column(2),
    predictedTotal: exposure(then) ?? column(3),
    requestsBefore: column(3),
    requestsNow: column(1),
  };
}

/** Of slices with the same requests the one of the earlier attribute is named: the only country before its continent. */
const NAMED_FIRST = ["country", "city", "region", "continent"];

function inOrderOfNaming(attributes: readonly string[]): string[] {
  const rank = (name: string): number =>
    (NAMED_FIRST.indexOf(name) + NAMED_FIRST.length + 1) % (NAMED_FIRST.length + 1);
  return [...attributes].sort((a, b) => rank(a) - rank(b));
}

interface Leaf {
  readonly values: readonly string[];
  /** Events and trials now, then events and trials of the reference. */
  readonly sums: [number, number, number, number];
}

function addSide(
  leaves: Map<string, Leaf>,
  cube: Cube,
  attributes: readonly string[],
  measure: ExplainedMeasure,
  { windows, where }: Side,
  at: 0 | 2,
): void {
  for (const { fromMs, toMs } of windows) {
    const window = { by: attributes, measures: [...new Set(measure.figures)], where, from: fromMs, to: toMs };
    const columns = new Map(pivotColumns(cube, window));
    const names = attributes.map((name) => columns.get(name)!);
    const parents = attributes.map((name) => levelsAbove(name, attributes));
    const figures = measure.figures.map((name) => columns.get(name)!);
    for (let row = 0; row < (figures[0]?.length ?? 0); row++) {
      const values = attributes.map((_, a) => {
        const path = parents[a]!.map((level) => names[attributes.indexOf(level)]![row]);
        return [...path, names[a]![row]].map(text).join(PATH);
      });
      const key = values.join("\u0001");
      let leaf = leaves.get(key);
      if (leaf === undefined) leaves.set(key, (leaf = { values, sums: [0, 0, 0, 0] }));
      const figuresOfRow = figures.map((column) => Number(column[row] ?? Number.NaN));
      leaf.sums[at] += measure.events(figuresOfRow);
      leaf.sums[at + 1]! += measure.trials(figuresOfRow);
    }
  }
}

/** The levels of place that a level lies in, of those looked into; the continent goes without saying. */
function levelsAbove(name: string, attributes: readonly string[]): string[] {
  const at = PLACE_LEVELS.indexOf(name);
  return at < 1 ? [] : PLACE_LEVELS.slice(1, at).filter((level) => attributes.includes(level));
}

/** A slice of paths as names: a city with the country and region that it lies in. */
export function namedSlice(
  slice: Readonly<Record<string, string>>,
  attributes: readonly string[],
): Record<string, string> {
  const named: Record<string, string> = {};
  for (const [name, value] of Object.entries(slice)) {
    const path = value.split(PATH);
    const levels = levelsAbove(name, attributes);
    for (const [i, level] of levels.entries()) named[level] = path[i]!;
    named[name] = path.at(-1)!;
  }
  return named;
}

/** Values that a slice is told without, as names: what they lie in goes without saying. */
export function exceptedNames(except: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(except).map(([name, values]) => [name, values.map((value) => value.split(PATH).at(-1)!)]),
  );
}

/** Hours of a side's windows that the cube covers; at least one bucket's. */
export function hoursOf(cube: Cube, { windows }: Side): number {
  const end = cube.lastTimeMs + 1;
  const covered = windows.map(({ fromMs, toMs }) =>
    Math.max(cube.bucketMs, Math.min(toMs, Math.max(end, fromMs)) - fromMs),
  );
  return covered.reduce((sum, ms) => sum + ms, 0) / HOUR_MS;
}

const text = (value: unknown): string => (value === null || value === undefined ? "" : String(value));
