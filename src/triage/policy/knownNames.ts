import schema from "./policy.schema.json";
import type { PolicyPath } from "./policyPath.js";

/** What of a JSON Schema is looked at here. */
interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
}

/** The names that may stand at a place of a policy, by its schema. */
export function knownNames(path: PolicyPath): string[] {
  let at = forms(schema as Schema);
  for (const part of path) at = at.flatMap((form) => below(form, part)).flatMap(forms);
  return [...new Set(at.flatMap(({ properties }) => Object.keys(properties ?? {})))];
}

function below({ items, properties, additionalProperties }: Schema, part: string | number): Schema[] {
  if (typeof part === "number") return items ? [items] : [];
  if (properties && Object.hasOwn(properties, part)) return [properties[part]!];
  return typeof additionalProperties === "object" ? [additionalProperties] : [];
}

/** A schema with what it refers to and is made of. */
function forms(one: Schema): Schema[] {
  const named = one.$ref?.replace("#/definitions/", "");
  const definitions = schema.definitions as Readonly<Record<string, Schema>>;
  const others = [...(named === undefined ? [] : [definitions[named]!]), ...(one.allOf ?? []), ...(one.anyOf ?? [])];
  return [one, ...others.flatMap(forms)];
}
