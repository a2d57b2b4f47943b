/**
 * Every error that geopivot throws on purpose.
 *
 * Branch on `code`, which is stable; `message` is for people and may change.
 * `details` holds the facts of the sentence, typed by the code.
 */
export class GeopivotError<Code extends string = string, Details extends object = object> extends Error {
  readonly code: Code;
  readonly details: Details;

  constructor(code: Code, details: Details, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "GeopivotError";
    this.code = code;
    this.details = details;
  }
}

/** The sentence of each code, beside the facts that it needs. */
export type Sentences<D extends Record<string, object>> = { readonly [C in keyof D]: (details: D[C]) => string };

/**
 * Makes a room's error constructor out of its sentences, so that a code cannot be thrown without its details.
 *
 * @example
 * ```ts
 * const locateError = errorKind<{ "bad-address": { value: string } }>({
 *   "bad-address": (d) => `${JSON.stringify(d.value)} is not an IP address`,
 * });
 * throw locateError("bad-address", { value: "1.2.3" });
 * ```
 */
export function errorKind<D extends Record<string, object>>(sentences: Sentences<D>) {
  return <C extends keyof D & string>(code: C, details: D[C], cause?: unknown): GeopivotError<C, D[C]> =>
    new GeopivotError(code, details, sentences[code](details), cause);
}

/**
 * Tells whether a thrown value is ours, and optionally whether it carries one of the given codes.
 *
 * @example
 * ```ts
 * if (isGeopivotError(error, "file-not-found", "is-directory")) console.error(error.message, error.details);
 * ```
 */
export function isGeopivotError(value: unknown, ...codes: readonly string[]): value is GeopivotError {
  return value instanceof GeopivotError && (codes.length === 0 || codes.includes(value.code));
}
