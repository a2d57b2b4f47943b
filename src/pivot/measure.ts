import type { Cube } from "../cube/cube.js";
import { effectiveCount } from "../cube/measures/weights.js";
import { wilson } from "../stats/wilson.js";
import type { Aggregate } from "./aggregate.js";
import { cubeFigure, figureNames } from "./cubeFigure.js";
import { pivotError } from "./errors.js";

/** Facts beside a row's sums. */
export interface MeasureContext {
  /** Requests of the whole table. */
  readonly totalCount: number;
  /** Minutes of time that a row stands for. */
  readonly minutes: (row: number) => number;
}

/** A column of a table; null where there is nothing to measure. */
export interface MeasureColumn {
  readonly name: string;
  readonly value: (sums: Aggregate, row: number, context: MeasureContext) => number | null;
  /** What a key that has no requests has. */
  readonly empty: 0 | null;
}

const ratio = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);
const known = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** Measures that are made of figures and of what only a table knows. */
interface Derived extends Omit<MeasureColumn, "name"> {
  readonly figures: readonly string[];
}

const DERIVED: Readonly<Record<string, Derived>> = {
  share: { figures: [], value: (s, r, c) => (c.totalCount > 0 ? s.count[r]! / c.totalCount : 0), empty: 0 },
  rate: { figures: [], value: (s, r, c) => ratio(s.count[r]!, c.minutes(r)), empty: 0 },
  requests_per_client: {
    figures: ["clients"],
    value: (s, r) => ratio(s.count[r]!, s.figure("clients")[r]!),
    empty: null,
  },
};

/** What measures a table of a cube can have, for messages. */
export function measureNames(cube: Cube): readonly string[] {
  return [...figureNames(cube), ...Object.keys(DERIVED)];
}

/**
 * The columns of a measure: one, or three for a share with its interval. Throws `no-such-measure`, `measure-not-kept` and
 * `bad-measure`.
 */
export function measureColumns(cube: Cube, measure: string): readonly MeasureColumn[] {
  const derived = derivedOf(measure);
  if (derived) {
    for (const name of derived.figures) requireFigure(cube, name, measure);
    return [{ name: measure, ...derived }];
  }
  const { empty, trials } = requireFigure(cube, measure, measure);
  if (trials !== undefined) return shareColumns(measure, trials);
  return [{ name: measure, value: (s, r) => known(s.figure(measure)[r]!), empty }];
}

/** The figures that the sums must have for some measures. */
export function figuresOf(measures: readonly string[]): readonly string[] {
  return measures.flatMap((measure) => derivedOf(measure)?.figures ?? measure);
}

function derivedOf(measure: string): Derived | undefined {
  return Object.hasOwn(DERIVED, measure) ? DERIVED[measure] : undefined;
}

function requireFigure(cube: Cube, name: string, measure: string) {
  const found = cubeFigure(cube, name);
  if (!found) throw pivotError("no-such-measure", { measure, known: measureNames(cube) });
  return found.figure;
}

/**
 * A share with its 95% Wilson interval. Where requests are weighted, the interval is that of as many independent requests as
 * they are worth.
 */
function shareColumns(name: string, trials: string): readonly MeasureColumn[] {
  const end = (index: 0 | 1): MeasureColumn["value"] => {
    return (s, r) => {
      const whole = s.figure(trials)[r]!;
      if (!(whole > 0)) return null;
      const worth = effectiveCount(s.count[r]!, s.squares()[r]!) / s.count[r]!;
      return wilson(worth * s.figure(name)[r]!, worth * whole)[index];
    };
  };
  return [
    { name, value: (s, r) => ratio(s.figure(name)[r]!, s.figure(trials)[r]!), empty: null },
    { name: `${name}_low`, value: end(0), empty: null },
    { name: `${name}_high`, value: end(1), empty: null },
  ];
}
