import type { FieldMeanings } from "../fields/fieldMap.js";
import { knownField } from "../fields/knownFields.js";
import { IGNORED } from "../fields/role.js";

/** A table that says what some fields mean where names are otherwise read as anywhere. */
export function besidesKnown(fields: FieldMeanings): FieldMeanings {
  return (name) => {
    const own = fields(name);
    return own === IGNORED ? knownField(name) : own;
  };
}
