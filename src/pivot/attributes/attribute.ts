import type { Cube } from "../../cube/cube.js";

/** What an attribute's value is called; null where the place or time is unknown. */
export type Label = string | number | null;

/** A property by which groups are told apart: one code a group. */
export interface Attribute {
  readonly name: string;
  /** By code; no two alike. */
  readonly labels: readonly Label[];
  /** Names by which a condition may call a code beside its label ("Springfield" for "Springfield, Illinois, US"). */
  readonly shortLabels?: readonly string[];
  /** What the code is a matter of, and the codes: by row of the cube's places, by bucket, or by group. */
  readonly of: "place" | "bucket" | "group";
  readonly codes: Uint32Array;
  /** How labels sort: by the order of their codes, or by value (as numbers if all are numbers). */
  readonly sorted: "given" | "value";
  /** For attributes of time: the code of a moment, in whatever clock the attribute uses. */
  readonly codeAt?: (localMs: number) => number;
}

/**
 * A value for each of some groups, given one for each code of an attribute.
 *
 * What is a matter of the place or of the time is looked up once a place or bucket, and so groups cost one look-up each.
 */
export function valuesOfGroups(
  cube: Cube,
  attribute: Attribute,
  groups: Uint32Array,
  byCode: Uint32Array,
): Uint32Array {
  const { of, codes } = attribute;
  const values = new Uint32Array(groups.length);
  const [subject, bySubject] = of === "group" ? [codes, byCode] : [cube.groups[of], codes.map((code) => byCode[code]!)];
  for (let k = 0; k < groups.length; k++) values[k] = bySubject[subject[groups[k]!]!]!;
  return values;
}

/** Ranks of codes by label: rank[code] is where the label comes in the table. Null comes last. */
export function ranksOf({ labels, sorted }: Attribute): Uint32Array {
  const codes = labels.map((_, code) => code);
  if (sorted === "value") {
    const numeric = labels.every((label) => label === null || label === "" || isNumber(label));
    codes.sort((a, b) => compare(labels[a]!, labels[b]!, numeric));
  }
  const ranks = new Uint32Array(labels.length);
  codes.forEach((code, rank) => {
    ranks[code] = rank;
  });
  return ranks;
}

function compare(a: Label, b: Label, numeric: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (numeric && a !== "" && b !== "") return Number(a) - Number(b);
  const [left, right] = [String(a), String(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

const isNumber = (label: Label): boolean => String(label).trim() !== "" && Number.isFinite(Number(label));
