/** A value as it would be written, or what kind of thing it is. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${severalOf(value[0])}`;
  if (isPromise(value)) return "a promise";
  if (isObject(value)) return kindOf(value);
  return typeof value === "bigint" ? `${value}n` : String(value);
}

function severalOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== "object") return `${typeof value}s`;
  const kind = kindOf(value).replace(/^an? /, "");
  return kind === "object" ? "objects" : kind;
}

function kindOf(value: object): string {
  const { name } = value.constructor ?? {};
  return typeof name === "string" && name !== "" && name !== "Object" ? `${article(name)} ${name}` : "an object";
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

const article = (name: string): string => (/^[AEIOU]/.test(name) ? "an" : "a");

/** An object that may hold options: no list, no bytes, no promise. */
export function isPlainObject(value: unknown): boolean {
  return isObject(value) && !Array.isArray(value) && !isPromise(value) && !ArrayBuffer.isView(value);
}

export function isPromise(value: unknown): boolean {
  return isObject(value) && typeof (value as { then?: unknown }).then === "function";
}

/** Whether a value has some members, its own or its class's. */
export function has(value: unknown, ...members: readonly PropertyKey[]): boolean {
  return (isObject(value) || typeof value === "function") && members.every((member) => member in (value as object));
}
