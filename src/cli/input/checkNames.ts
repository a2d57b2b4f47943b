import { nearestName } from "../../core/options/nearestName.js";
import type { Cube } from "../../cube/cube.js";
import { countries, countryCode, countryName } from "../../grid/countries.js";
import { attributeOf } from "../../pivot/attributes/attributeOf.js";
import { isPlaceAttribute, PLACE_ATTRIBUTES } from "../../pivot/attributes/placeAttribute.js";
import { isTimeAttribute, TIME_ATTRIBUTES } from "../../pivot/attributes/timeAttribute.js";
import type { Where } from "../../pivot/where.js";
import { MAPPED_NAMES } from "../../read/fields/fieldMap.js";
import { readBatches } from "../../read/readBatches.js";
import { unlocated } from "../../read/unlocated.js";
import { cliError } from "../errors.js";
import type { InputOptions } from "./options.js";
import { readOptions } from "./readOptions.js";

/** So many events tell which fields a log has. */
const SAMPLE_ROWS = 10_000;

/** Names that an option asked for. */
export interface AskedNames {
  readonly option: string;
  readonly names: readonly string[];
}

/** The log that names are looked for in, once they are not found. */
export interface AskedLog {
  readonly files: readonly string[];
  readonly input: InputOptions;
  readonly signal: AbortSignal;
}

/**
 * Refuses names of dimensions that no event of the log has a value of, and conditions on values that it never has: a slip
 * of the pen is never an answer. Throws `no-such-name` and `no-such-value`, with what is near.
 */
export async function checkNames(cube: Cube, asked: readonly AskedNames[], where: Where, log: AskedLog): Promise<void> {
  if (cube.groups.length === 0) return;
  const conditions = { option: "--where", names: Object.keys(where) };
  for (const { option, names } of [...asked, conditions])
    for (const name of names) if (!isKnown(cube, name)) throw await noSuchName(option, name, log);
  for (const [name, condition] of Object.entries(where)) {
    const listed = typeof condition === "object" && "not" in condition ? condition.not : condition;
    for (const value of (Array.isArray(listed) ? listed : [listed]) as (string | number)[])
      checkValue(cube, name, String(value));
  }
}

/**
 * Refuses a `--map` to a name that is neither geopivot's nor asked for. Throws `no-such-name`.
 *
 * @param used - the dimensions that the command looks at; undefined where it looks at all
 */
export function checkMap(map: Readonly<Record<string, string>> = {}, used?: readonly string[]): void {
  for (const name of Object.keys(map)) {
    if (MAPPED_NAMES.includes(name) || used?.includes(name) === true) continue;
    const near = nearestName(name, [...MAPPED_NAMES, ...(used ?? [])]);
    if (used !== undefined || near !== undefined)
      throw cliError("bad-map-name", { name, has: MAPPED_NAMES, ...(near === undefined ? {} : { near }) });
  }
}

/** The error for a name that a log does not have; looks into the log for names that it has. */
export async function noSuchName(option: string, name: string, log: AskedLog): Promise<Error> {
  const own = await dimensionsOf(log);
  const near = nearestName(name, [...PLACE_ATTRIBUTES, ...TIME_ATTRIBUTES, ...own]);
  return cliError("no-such-name", { option, name, has: own, ...(near === undefined ? {} : { near }) });
}

function isKnown(cube: Cube, name: string): boolean {
  const own = cube.dimensions.find((dimension) => dimension.name === name);
  if (own !== undefined) return own.dictionary.values.some((value) => value !== "");
  return isPlaceAttribute(name, cube.places.fields) || isTimeAttribute(name);
}

function checkValue(cube: Cube, name: string, value: string): void {
  // A time, or a country, is what it is, whether there was traffic or not.
  if (value === "" || isTimeAttribute(name) || /^cell/.test(name)) return;
  if (name === "country" && countryCode(value) !== null) return;
  const { labels, shortLabels = [] } = attributeOf(cube, name, null);
  const known = [...labels, ...shortLabels].map(String);
  if (known.includes(value)) return;
  const written = name === "country" ? [...known, ...countries().map(({ alpha2 }) => countryName(alpha2))] : known;
  const near = nearestName(value, written);
  const has = [...new Set(known)].filter((label) => label !== "").slice(0, 10);
  throw cliError("no-such-value", { name, value, has, ...(near === undefined ? {} : { near }) });
}

/** The dimensions that the first events of a log have. */
async function dimensionsOf({ files, input, signal }: AskedLog): Promise<string[]> {
  const again = files.filter((file) => file !== "-");
  if (again.length === 0) return [];
  const reading = { ...readOptions(input, signal), workers: 1, locator: unlocated(), routes: false };
  for await (const { dimensions } of readBatches(again, { ...reading, batchRows: SAMPLE_ROWS }))
    return [...dimensions].flatMap(([name, { dictionary }]) => (dictionary.size > 1 ? [name] : []));
  return [];
}
