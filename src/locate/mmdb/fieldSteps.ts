import { FIELD, FIELD_PATHS, FLAG_TAGS } from "./fields.js";

/** A step on the way to fields: the field that a value here gives, and the steps below it. */
export interface Step {
  /** Which of all steps it is; the way begins at 0. */
  readonly index: number;
  /** -1 for none. */
  field: number;
  /** Of several places for one field the lowest rank wins. */
  rank: number;
  below: Map<string, Step> | undefined;
  /** The step of a key, by where the key lies in the file: files write each key once and point at it. */
  readonly byOffset: Map<number, Step | null>;
  /** The last key that was a pointer at each position of a map: most records have the same keys in the same order. */
  readonly byPosition: KnownKey[];
}

export interface KnownKey {
  /** The pointer as it stands in the file, the first byte lowest, and its length. */
  readonly word: number;
  readonly bytes: number;
  readonly next: Step | null;
}

/** The steps to all fields, by their index. */
export function fieldSteps(): Step[] {
  const steps: Step[] = [];
  const add = (): Step => {
    const step = { index: steps.length, field: -1, rank: 0, below: undefined, byOffset: new Map(), byPosition: [] };
    steps.push(step);
    return step;
  };
  const root = add();
  const place = (path: string, field: number, rank: number): void => {
    let step = root;
    for (const key of path.split(".")) {
      step.below ??= new Map();
      const next = step.below.get(key) ?? add();
      step.below.set(key, next);
      step = next;
    }
    step.field = field;
    step.rank = rank;
  };
  for (const [field, paths] of FIELD_PATHS) for (const [rank, path] of paths.entries()) place(path, FIELD[field], rank);
  for (const [f, [flag]] of FLAG_TAGS.entries()) {
    place(flag, FIELD.flags + f, 0);
    place(`traits.${flag}`, FIELD.flags + f, 1);
  }
  return steps;
}
