/** Stands for every value of a dimension beyond the number that is kept apart. No value of a log is called so. */
export const OTHER_VALUES = "(other)";

const LOOKS_RESERVED = /^"*\(other\)"*$/;

/**
 * A value of a log under a name of its own: one that is called like {@link OTHER_VALUES} gets quotation marks around it, and
 * so does each that looks like the outcome, so that no two values share a name.
 */
export function unreserved(value: string): string {
  return LOOKS_RESERVED.test(value) ? `"${value}"` : value;
}
