import { checkNamed, checkShape, type Shape, type Shapes } from "./shape.js";
import { has, isPlainObject, shown } from "./shown.js";

export const text: Shape<string> = {
  expected: "a text",
  accepts: (value) => typeof value === "string",
  fix: (value) => (typeof value === "number" ? `a text: write ${JSON.stringify(String(value))}` : undefined),
};

/** Any number but NaN; its range is the callee's business. */
export const number: Shape<number> = {
  expected: "a number",
  accepts: (value) => typeof value === "number" && !Number.isNaN(value),
  fix: (value) =>
    typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value))
      ? `a number: write ${Number(value)}`
      : undefined,
};

export const flag: Shape<boolean> = {
  expected: "true or false",
  accepts: (value) => typeof value === "boolean",
};

/** Seconds; the usual lengths in milliseconds are refused. */
export const seconds: Shape<number> = {
  expected: "a number of seconds",
  accepts: (value) => number.accepts(value) && !looksLikeMilliseconds(value as number),
  fix: (value) =>
    typeof value === "number" && looksLikeMilliseconds(value)
      ? `seconds, not milliseconds: write ${value / 1000}`
      : number.fix?.(value),
};

/** Epoch milliseconds; what would be seconds of our days is refused. */
export const epochMs: Shape<number> = {
  expected: "epoch milliseconds",
  accepts: (value) => number.accepts(value) && !looksLikeEpochSeconds(value as number),
  fix: (value) => {
    if (typeof value === "number" && looksLikeEpochSeconds(value))
      return `epoch milliseconds, not seconds: write ${value * 1000}`;
    if (value instanceof Date) return "epoch milliseconds: add .getTime()";
    return typeof value === "string" ? `epoch milliseconds: write Date.parse(${JSON.stringify(value)})` : undefined;
  },
};

/** Epoch milliseconds or ISO 8601. */
export const time: Shape<number | string> = {
  expected: "epoch milliseconds or ISO 8601",
  accepts: (value) => typeof value === "string" || epochMs.accepts(value),
  fix: (value) => (typeof value === "string" ? undefined : epochMs.fix?.(value)),
};

export const callback: Shape<(...args: never[]) => unknown> = {
  expected: "a function",
  accepts: (value) => typeof value === "function",
};

export const bytes: Shape<Uint8Array> = {
  expected: "bytes: a Uint8Array",
  accepts: (value) => value instanceof Uint8Array,
  fix: (value) => (typeof value === "string" ? "bytes: read the file first, without an encoding" : undefined),
};

export const abortSignal: Shape<AbortSignal> = {
  expected: "an AbortSignal",
  accepts: (value) => has(value, "aborted", "addEventListener"),
  fix: (value) => (has(value, "signal", "abort") ? "an AbortSignal: add .signal to the AbortController" : undefined),
};

/** One of some texts. */
export function choice<const T extends string>(...values: readonly T[]): Shape<T> {
  return {
    expected: values.map((value) => JSON.stringify(value)).join(", "),
    accepts: (value) => (values as readonly unknown[]).includes(value),
  };
}

/** A list; a single value that would be an item of it is the usual mistake. */
export function list<T>(item: Shape<T>, items: string): Shape<readonly T[]> {
  return {
    expected: `a list of ${items}`,
    accepts: Array.isArray,
    fix: (value) => (item.accepts(value) ? `a list of ${items}: write [${shown(value)}]` : undefined),
    look: (value, { call, option }) =>
      (value as readonly unknown[]).forEach((each, i) => {
        checkShape(each, item, { call, option: `${option}[${i}]` });
      }),
  };
}

/** An object whose every value is of a shape. */
export function recordOf<T>(item: Shape<T>, expected: string): Shape<Readonly<Record<string, T>>> {
  return {
    expected,
    accepts: isPlainObject,
    look: (value, { call, option }) => {
      for (const [name, each] of Object.entries(value as object))
        checkShape(each, item, { call, option: `${option}.${name}` });
    },
  };
}

/** An object of options within options. */
export function nested<T extends object>(shapes: Shapes<T>): Shape<T> {
  return {
    expected: `an object of ${Object.keys(shapes).join(", ")}`,
    accepts: isPlainObject,
    look: (value, spot) => checkNamed(value as object, shapes, spot.call, `${spot.option}.`),
  };
}

/** What the first shape that accepts it takes. */
export function either<const S extends readonly Shape<never>[]>(...shapes: S): Shape<TakenBy<S[number]>> {
  const taker = (value: unknown): Shape<never> | undefined => shapes.find((shape) => shape.accepts(value));
  return {
    expected: shapes.map(({ expected }) => expected).join(", or "),
    accepts: (value) => taker(value) !== undefined,
    fix: (value) => {
      for (const { fix } of shapes) {
        const words = fix?.(value);
        if (words !== undefined) return words;
      }
      return undefined;
    },
    look: (value, spot) => taker(value)?.look?.(value, spot),
  };
}

type TakenBy<S> = S extends { readonly takes?: (value: infer T) => void } ? T : never;

/** Something that has some members: an object of a class, whichever build of geopivot its class comes from. */
export function having(expected: string, ...members: readonly string[]): Shape<object> {
  return { expected, accepts: (value) => has(value, ...members) };
}

/** Anything that can be iterated, but text. */
export function iterable(items: string): Shape<Iterable<unknown>> {
  return { expected: `a list of ${items}`, accepts: (value) => has(value, Symbol.iterator) };
}

/** A shape, or null. */
export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return {
    ...shape,
    accepts: (value) => value === null || shape.accepts(value),
    look: (value, spot) => (value === null ? undefined : shape.look?.(value, spot)),
  } as Shape<T | null>;
}

/** One value and no other. */
export function literal<const T extends boolean | number>(only: T): Shape<T> {
  return { expected: String(only), accepts: (value) => value === only };
}

/** Lengths of time that people choose, in seconds. */
const USUAL_SECONDS = [
  5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1_200, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400,
];
const HOUR_SECONDS = 3_600;

/** Whether seconds are more than an hour, and a usual length in milliseconds. */
function looksLikeMilliseconds(value: number): boolean {
  return value > HOUR_SECONDS && USUAL_SECONDS.includes(value / 1000);
}

/** Whether epoch milliseconds, which lie in January 1970, are seconds from 1985 to 2128. */
function looksLikeEpochSeconds(value: number): boolean {
  return value >= 5e8 && value < 5e9;
}
