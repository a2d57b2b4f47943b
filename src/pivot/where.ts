import { either, list, nested, number, recordOf, text } from "../core/options/shapes.js";
import type { Cube } from "../cube/cube.js";
import { range } from "../cube/segments/range.js";
import { countryCode } from "../grid/countries.js";
import { type Attribute, valuesOfGroups } from "./attributes/attribute.js";
import { attributeOf } from "./attributes/attributeOf.js";
import type { LocalTime } from "./attributes/localTime.js";
import { pivotError } from "./errors.js";

type Value = string | number;

/** What an attribute must be: one of some values, or none of them. */
export type Condition = Value | readonly Value[] | { readonly not: Value | readonly Value[] };

/** Conditions by attribute; all must hold. */
export type Where = Readonly<Record<string, Condition>>;

const VALUES = either(text, number, list(either(text, number), "values"));

/** What conditions are. */
export const WHERE = recordOf(
  either(VALUES, nested<{ not: Value | readonly Value[] }>({ not: VALUES })),
  'an object of values by name: { country: "DE" }',
);

/** A condition on the codes of an attribute. */
export interface CodeFilter {
  readonly attribute: Attribute;
  /** By code: 1 if it may pass. */
  readonly allowed: Uint8Array;
}

/** The filters of some conditions. Values that the cube has never seen match nothing. Throws `no-such-dimension`. */
export function codeFilters(cube: Cube, where: Where, localTime: LocalTime | null): CodeFilter[] {
  return Object.entries(where).map(([name, condition]) => {
    const attribute = attributeOf(cube, name, localTime);
    const negated = typeof condition === "object" && "not" in condition;
    const listed = negated ? condition.not : (condition as Value | readonly Value[]);
    const written = (Array.isArray(listed) ? listed : [listed]).map(String);
    // A country may be given by name, or by its code in any case.
    const values = new Set(name === "country" ? written.flatMap((one) => [one, countryCode(one) ?? one]) : written);
    const allowed = Uint8Array.from(attribute.labels, (label, code) => {
      const short = attribute.shortLabels?.[code];
      const named = values.has(String(label ?? "")) || (short !== undefined && values.has(short));
      return named === negated ? 0 : 1;
    });
    return { attribute, allowed };
  });
}

/** The groups that pass all filters and whose bucket starts in [fromMs, toMs). */
export function selectGroups(cube: Cube, filters: readonly CodeFilter[], fromMs: number, toMs: number): Uint32Array {
  const { bucket, length } = cube.groups;
  if (filters.length === 0 && fromMs === Number.NEGATIVE_INFINITY && toMs === Number.POSITIVE_INFINITY)
    return range(length);
  const first = Math.ceil((fromMs - cube.originMs) / cube.bucketMs);
  const end = Math.ceil((toMs - cube.originMs) / cube.bucketMs);
  let selected = range(length).filter((g) => bucket[g]! >= first && bucket[g]! < end);
  for (const { attribute, allowed } of filters) {
    const passes = valuesOfGroups(cube, attribute, selected, Uint32Array.from(allowed));
    selected = selected.filter((_, k) => passes[k] === 1);
  }
  return selected;
}

/**
 * Reads a condition as the command line has it: `country=DE`, `country=DE|AT`, `status_class!=2xx`. Throws `bad-where`.
 */
export function parseWhere(text: string): Where {
  const match = /^([^=!|]+)(!?=)(.*)$/s.exec(text);
  if (!match) throw pivotError("bad-where", { text });
  const values = match[3]!.split("|");
  return { [match[1]!.trim()]: match[2] === "=" ? values : { not: values } };
}
