import { knownNames } from "./knownNames.js";
import { nearestName } from "./nearestName.js";
import schema from "./policy.schema.json";
import { type PolicyPath, pathText } from "./policyPath.js";
import type { PolicyProblem } from "./policyProblem.js";

/** What the validator says of one thing that is wrong. */
export interface SchemaError {
  /** A JSON pointer. */
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Errors of the schema as sentences, one for each place, with its path and line. */
export function schemaProblems(
  errors: readonly SchemaError[],
  value: unknown,
  lineOf: (path: PolicyPath, key: boolean) => number,
): PolicyProblem[] {
  const places = new Map<string, SchemaError[]>();
  for (const error of errors) {
    const extra = error.keyword === "additionalProperties" ? [String(error.params.additionalProperty)] : [];
    const key = JSON.stringify([...readPointer(error.instancePath), ...extra]);
    places.set(key, [...(places.get(key) ?? []), error]);
  }
  // "None of the forms" says less than what is wrong within the form that was meant.
  const paths = [...places.keys()];
  const inner = (key: string): boolean =>
    paths.some((other) => other !== key && other.startsWith(`${key.slice(0, -1)},`));
  return paths
    .filter((key) => !(places.get(key)!.some(({ keyword }) => keyword === "anyOf") && inner(key)))
    .map((key) => {
      const path = JSON.parse(key) as PolicyPath;
      const here = places.get(key)!;
      const unknown = here.some(({ keyword }) => keyword === "additionalProperties");
      return { path: pathText(path), line: lineOf(path, unknown), problem: sentence(here, path, valueAt(value, path)) };
    });
}

/** The pattern of names of the environment's variables. */
const VARIABLE = schema.definitions.variable.pattern;
/** What patterns ask for, by a part of them. */
const FORMS: readonly (readonly [part: string, form: string])[] = [
  ["[smhdw]", "expected a duration: 30s, 5m, 1h30m or 2d"],
  ["\\d{4}-", "expected a time: 2026-03-29T01:00:00Z"],
  ["https?", "expected a link: https://…"],
  ["[^\\s,]", "expected a name without spaces and commas"],
  ["\\S", "expected a text that is not empty"],
];

function sentence(errors: readonly SchemaError[], path: PolicyPath, value: unknown): string {
  const first = (keyword: string): SchemaError | undefined => errors.find((error) => error.keyword === keyword);
  if (first("additionalProperties")) return `is not known here${suggestion(path)}`;
  const missing = first("required");
  if (missing)
    return `needs ${errors
      .filter((e) => e.keyword === "required")
      .map((e) => e.params.missingProperty)
      .join(" and ")}`;
  const found = value === undefined ? "missing" : JSON.stringify(value).slice(0, 60);
  const form = first("pattern");
  // Whoever writes a secret where its variable's name should be must not read it in a log.
  if (String(form?.params.pattern) === VARIABLE)
    return "expected the name of a variable of the environment, such as SLACK_URL";
  const told = FORMS.find(([part]) => String(form?.params.pattern).includes(part))?.[1];
  if (told !== undefined) return `is ${found}, ${told}`;
  const expected = errors.flatMap(expectedOf);
  if (expected.length === 0) return `is ${found}: ${boundOf(errors[0]!)}`;
  const quoted = typeof value === "number" && expected.includes("a text") ? " (in quotes)" : "";
  return `is ${found}, expected ${[...new Set(expected)].join(", ")}${quoted}`;
}

/** `must be >= 1`, `must hold at least 1`. */
function boundOf({ params: { comparison, limit } }: SchemaError): string {
  if (limit === undefined) return "not valid";
  return comparison === undefined ? `must hold at least ${limit}` : `must be ${comparison} ${limit}`;
}

const TYPES: Readonly<Record<string, string>> = {
  string: "a text",
  array: "a list",
  object: "a map",
  boolean: "true or false",
  integer: "a whole number",
  number: "a number",
};

function expectedOf({ keyword, params }: SchemaError): string[] {
  if (keyword === "enum") return (params.allowedValues as readonly unknown[]).map(String);
  if (keyword === "const") return [String(params.allowedValue)];
  return keyword === "type" ? [TYPES[String(params.type)] ?? String(params.type)] : [];
}

/** What is known where an unknown name stands, or the name that was meant. */
function suggestion(path: PolicyPath): string {
  const known = knownNames(path.slice(0, -1));
  const nearest = nearestName(String(path.at(-1)), known);
  return nearest === null ? `: expected ${known.join(", ")}` : `: did you mean ${nearest}?`;
}

/** Parts of a JSON pointer (RFC 6901); numbers where they are ones. */
function readPointer(pointer: string): (string | number)[] {
  const parts = pointer.split("/").slice(1);
  return parts
    .map((part) => decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function valueAt(value: unknown, path: PolicyPath): unknown {
  let at = value;
  for (const part of path)
    at = typeof at === "object" && at !== null ? (at as Record<string | number, unknown>)[part] : undefined;
  return at;
}
