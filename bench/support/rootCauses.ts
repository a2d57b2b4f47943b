import { Random } from "../../src/core/random.js";
import type { Leaves } from "../../src/explain/localize.js";

/** A table of leaves with the slices that were made to move in it. */
export interface MadeLeaves {
  readonly leaves: Leaves & { readonly real: Float64Array; readonly predicted: Float64Array };
  readonly causes: readonly Readonly<Record<string, string>>[];
}

/** Kinds of benchmark tables: a few wide attributes with causes at any depth (S), at the leaves (L), and sparse ones (H). */
export type LeafKind = "S" | "L" | "H";

const SIZES: Readonly<Record<LeafKind, readonly number[]>> = {
  S: [10, 12, 10, 8, 5],
  L: [10, 24, 10, 15],
  H: [10, 5, 250, 20, 8, 12],
};
/** So many of the 24 million combinations of H occur. */
const SPARSE_LEAVES = 100_000;

/**
 * Amounts with a forecast of the given relative noise (standard deviation), of which 1-3 causes of 1-3 slices each (S, H)
 * or 1-5 single leaves (L) lost, or gained, half to all. Severities differ by cause, and a little by leaf (S, H).
 */
export function madeAmounts(kind: LeafKind, seed: number, noise: number): MadeLeaves {
  const random = new Random(seed);
  const sizes = SIZES[kind];
  const codes = kind === "H" ? sparseCodes(sizes, random) : allCodes(sizes);
  const amounts = codes.map(() => (random.next() < 0.1 ? 0 : 100 * random.exponential() ** 1.3));
  const causes = madeCauses(kind, sizes, codes, amounts, random);
  const rising = random.next() < 0.5;
  const real = Float64Array.from(amounts);
  const predicted = Float64Array.from(amounts);
  for (const [leaf, values] of codes.entries()) {
    const error = noise * random.normal();
    if (error > 0) predicted[leaf]! *= 1 + error;
    else real[leaf]! *= 1 - error;
    const cause = causes.find((c) => c.fixed.every((value, a) => value < 0 || value === values[a]));
    if (cause === undefined) continue;
    const left = 1 - Math.min(1, Math.max(0, cause.severity + (kind === "L" ? 0 : 0.05) * random.normal()));
    if (rising) predicted[leaf]! *= left;
    else real[leaf]! *= left;
  }
  const attributes = Object.fromEntries(
    sizes.map((_, a) => [name(a), codes.map((values) => valueName(a, values[a]!))]),
  );
  return { leaves: { attributes, real, predicted }, causes: causes.map(({ fixed }) => slice(fixed)) };
}

interface MadeCause {
  /** Value by attribute; -1 where the cause does not fix it. */
  readonly fixed: readonly number[];
  readonly severity: number;
}

function madeCauses(
  kind: LeafKind,
  sizes: readonly number[],
  codes: readonly (readonly number[])[],
  amounts: readonly number[],
  random: Random,
): MadeCause[] {
  const causes: MadeCause[] = [];
  const groups = 1 + random.int(kind === "L" ? 5 : 3);
  for (let g = 0; g < groups; g++) {
    const severity = 0.5 + 0.5 * random.next();
    const depth = kind === "L" ? sizes.length : 1 + random.int(sizes.length);
    const order = sample(sizes.length, depth, random);
    for (let e = kind === "L" ? 1 : 1 + random.int(3); e > 0; e--) {
      for (let attempt = 0; attempt < 100; attempt++) {
        const leaf = random.int(codes.length);
        const fixed = sizes.map((_, a) => (order.includes(a) ? codes[leaf]![a]! : -1));
        if (amounts[leaf] === 0 || causes.some((cause) => overlaps(cause.fixed, fixed))) continue;
        causes.push({ fixed, severity });
        break;
      }
    }
  }
  return causes;
}

function overlaps(a: readonly number[], b: readonly number[]): boolean {
  return a.every((value, i) => value < 0 || b[i]! < 0 || value === b[i]);
}

function allCodes(sizes: readonly number[]): number[][] {
  const leaves = sizes.reduce((product, size) => product * size, 1);
  return Array.from({ length: leaves }, (_, leaf) => {
    let rest = leaf;
    return sizes.map((size) => {
      const code = rest % size;
      rest = Math.floor(rest / size);
      return code;
    });
  });
}

function sparseCodes(sizes: readonly number[], random: Random): number[][] {
  const seen = new Map<string, number[]>();
  while (seen.size < SPARSE_LEAVES) {
    const values = sizes.map((size) => Math.floor(size * random.next() ** 1.5));
    seen.set(values.join(), values);
  }
  return [...seen.values()];
}

/** Ratios (errors of requests) over 8 x 6 x 5 x 4 leaves of about so many requests each, and what was done to them. */
export interface MadeRatios {
  readonly leaves: Required<Leaves>;
  readonly what: "causes" | "mix" | "everywhere";
  /** Slices whose rate went up; those that carry under 5% of the events are not among `large`. */
  readonly causes: readonly Readonly<Record<string, string>>[];
  readonly large: readonly Readonly<Record<string, string>>[];
}

const RATIO_SIZES = [8, 6, 5, 4];
const LARGE_SHARE = 0.05;
const LARGE_EXCESS = 25;

/** Rates that differ by every attribute; then 1-2 slices get 2-8 times the rate, or one value's traffic triples, or all rates double. */
export function madeRatios(seed: number, requests: number, what: MadeRatios["what"]): MadeRatios {
  const random = new Random(seed);
  const codes = allCodes(RATIO_SIZES);
  const base = 0.01 + 0.05 * random.next();
  const factors = RATIO_SIZES.map((size) => Array.from({ length: size }, () => Math.exp(0.4 * random.normal())));
  const causes = what === "causes" ? ratioCauses(codes, random) : [];
  const grown = random.int(RATIO_SIZES[0]!);
  const columns = {
    real: [] as number[],
    realTotal: [] as number[],
    predicted: [] as number[],
    predictedTotal: [] as number[],
  };
  const excess = causes.map(() => 0);
  for (const values of codes) {
    const usual = Math.min(
      0.5,
      values.reduce((rate, value, a) => rate * factors[a]![value]!, base),
    );
    const weight = requests * Math.exp(random.normal());
    const now = random.poisson(what === "mix" && values[0] === grown ? 3 * weight : weight);
    const then = random.poisson(weight);
    const hit = causes.findIndex(({ fixed }) => fixed.every((value, a) => value < 0 || value === values[a]));
    const rate = Math.min(0.95, usual * (hit < 0 ? 1 : causes[hit]!.factor) * (what === "everywhere" ? 2 : 1));
    if (hit >= 0) excess[hit]! += now * (rate - usual);
    columns.real.push(Math.min(now, random.poisson(now * rate)));
    columns.realTotal.push(now);
    columns.predicted.push(Math.min(then, random.poisson(then * usual)));
    columns.predictedTotal.push(then);
  }
  const total = columns.real.reduce((sum, events) => sum + events, 0);
  const attributes = Object.fromEntries(
    RATIO_SIZES.map((_, a) => [name(a), codes.map((values) => valueName(a, values[a]!))]),
  );
  return {
    leaves: { attributes, ...columns },
    what,
    causes: causes.map(({ fixed }) => slice(fixed)),
    large: causes
      .filter((_, i) => excess[i]! >= Math.max(LARGE_SHARE * total, LARGE_EXCESS))
      .map(({ fixed }) => slice(fixed)),
  };
}

function ratioCauses(codes: readonly (readonly number[])[], random: Random) {
  const causes: { fixed: number[]; factor: number }[] = [];
  for (let c = 1 + random.int(2); c > 0; c--) {
    const order = sample(RATIO_SIZES.length, 1 + random.int(3), random);
    const values = codes[random.int(codes.length)]!;
    const fixed = RATIO_SIZES.map((_, a) => (order.includes(a) ? values[a]! : -1));
    if (!causes.some((cause) => overlaps(cause.fixed, fixed))) causes.push({ fixed, factor: 2 + 6 * random.next() });
  }
  return causes;
}

/** Some of the first numbers, without replacement. */
function sample(numbers: number, size: number, random: Random): number[] {
  const left = Array.from({ length: numbers }, (_, i) => i);
  return Array.from({ length: size }, () => left.splice(random.int(left.length), 1)[0]!);
}

function slice(fixed: readonly number[]): Record<string, string> {
  return Object.fromEntries(fixed.flatMap((value, a) => (value < 0 ? [] : [[name(a), valueName(a, value)]])));
}

const name = (attribute: number): string => "abcdef"[attribute]!;
const valueName = (attribute: number, value: number): string => `${name(attribute)}${value + 1}`;
