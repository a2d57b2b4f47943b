import { optionError } from "./optionError.js";
import { checkNamed, type Shape, type Shapes, wanted } from "./shape.js";
import { isPlainObject, shown } from "./shown.js";

/**
 * Checks the options of a call. Throws `wrong-argument` if they are no object, `unknown-option` for a name that is none, and
 * `wrong-option` for a value of the wrong type. What is undefined counts as left out.
 *
 * @param required - names of options that there must be
 */
export function checkOptions<T extends object>(
  call: string,
  options: unknown,
  shapes: Shapes<T>,
  required: readonly (keyof T & string)[] = [],
): void {
  const isMissing = options === undefined && required.length > 0;
  if (!isMissing && !isPlainObject(options)) {
    const expected = `an object of options: ${Object.keys(shapes).join(", ")}`;
    throw optionError("wrong-argument", { call, argument: "the options", given: shown(options), expected });
  }
  const given = (options ?? {}) as Readonly<Record<string, unknown>>;
  for (const option of required)
    if (given[option] === undefined)
      throw optionError("wrong-option", {
        call,
        option,
        given: "missing",
        expected: wanted(undefined, shapes[option]),
      });
  checkNamed(given, shapes, call);
}

/** Checks an argument that is no bag of options. Throws `wrong-argument`, and what is wrong inside. */
export function checkArgument(call: string, argument: string, value: unknown, shape: Shape<never>): void {
  if (!shape.accepts(value))
    throw optionError("wrong-argument", { call, argument, given: shown(value), expected: wanted(value, shape) });
  shape.look?.(value, { call, option: argument });
}

/** Those of some options that a list of shapes names: what one call hands on to another. */
export function pickOptions<T extends object>(options: object, shapes: Shapes<T>): Partial<T> {
  const known = Object.entries(options).filter(([name]) => Object.hasOwn(shapes, name));
  return Object.fromEntries(known) as Partial<T>;
}
