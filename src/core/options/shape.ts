import { nearestName } from "./nearestName.js";
import { optionError } from "./optionError.js";
import { isPromise, shown } from "./shown.js";

/** Where a value stands: the call, and the option's path in it. */
export interface Spot {
  readonly call: string;
  readonly option: string;
}

/**
 * What an option takes. `T` is what its type allows: the shape must accept all of it, and is checked against the interface
 * by the compiler.
 */
export interface Shape<in T> {
  /** In words that follow "expected". */
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
  /** How to put a refused value right, in words that follow "expected"; undefined where `expected` says it all. */
  readonly fix?: (value: unknown) => string | undefined;
  /** Looks into what it accepts as a whole. Throws. */
  readonly look?: (value: unknown, spot: Spot) => void;
  /** Only for the compiler. */
  readonly takes?: (value: T) => void;
}

/** A shape for every option of an interface. */
export type Shapes<T> = { readonly [K in keyof T]-?: Shape<Exclude<T[K], undefined>> };

/** Throws `wrong-option` if a value is not of a shape, and what is wrong inside it. */
export function checkShape(value: unknown, shape: Shape<never>, spot: Spot): void {
  if (!shape.accepts(value))
    throw optionError("wrong-option", { ...spot, given: shown(value), expected: wanted(value, shape) });
  shape.look?.(value, spot);
}

/** Throws `unknown-option` and `wrong-option`. Options that are undefined are left out. */
export function checkNamed(options: object, shapes: object, call: string, prefix = ""): void {
  const known = shapes as Readonly<Record<string, Shape<never>>>;
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const shape = Object.hasOwn(known, name) ? known[name] : undefined;
    if (shape === undefined) throw unknownOption(call, name, known, prefix);
    checkShape(value, shape, { call, option: prefix + name });
  }
}

function unknownOption(call: string, name: string, known: object, prefix: string): Error {
  const names = Object.keys(known).map((one) => prefix + one);
  const near = nearestName(prefix + name, names);
  return optionError("unknown-option", { call, option: prefix + name, known: names, ...(near && { near }) });
}

/** What is expected instead of a value, with the fix where there is one. */
export function wanted(value: unknown, shape: Shape<never>): string {
  if (isPromise(value)) return `${shape.expected}: await the promise first`;
  return shape.fix?.(value) ?? shape.expected;
}
