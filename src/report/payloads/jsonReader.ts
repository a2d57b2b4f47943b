import { reportError } from "../errors.js";

/** A value out of a JSON document with the way to it, so that what is wrong can be named. */
export class JsonReader {
  readonly #value: unknown;
  readonly #path: string;

  constructor(value: unknown, path = "") {
    this.#value = value;
    this.#path = path;
  }

  /** A field of an object; throws `bad-findings` where this is no object. What the field is, is checked when it is read. */
  at(name: string): JsonReader {
    if (typeof this.#value !== "object" || this.#value === null || Array.isArray(this.#value)) this.#fail("an object");
    const object = this.#value as Readonly<Record<string, unknown>>;
    return new JsonReader(Object.hasOwn(object, name) ? object[name] : undefined, `${this.#path}.${name}`);
  }

  text(): string {
    return typeof this.#value === "string" ? this.#value : this.#fail("a text");
  }

  /** A finite number. */
  number(): number {
    return Number.isFinite(this.#value) ? (this.#value as number) : this.#fail("a number");
  }

  oneOf<T extends string>(values: readonly T[]): T {
    return values.find((value) => value === this.#value) ?? this.#fail(`one of ${values.join(", ")}`);
  }

  /** Epoch milliseconds of an ISO 8601 time. */
  time(): number {
    const time = /^\d{4,6}-\d{2}-\d{2}T/.test(this.text()) ? Date.parse(this.text()) : Number.NaN;
    return Number.isNaN(time) ? this.#fail("an ISO 8601 time") : time;
  }

  list<T>(read: (item: JsonReader) => T): T[] {
    if (!Array.isArray(this.#value)) this.#fail("a list");
    return (this.#value as readonly unknown[]).map((item, i) => read(new JsonReader(item, `${this.#path}[${i}]`)));
  }

  /** An object's fields, each of one type. */
  record<T>(read: (item: JsonReader) => T): Record<string, T> {
    this.at("");
    return Object.fromEntries(Object.keys(this.#value as object).map((name) => [name, read(this.at(name))]));
  }

  orNull<T>(read: (value: this) => T): T | null {
    return this.#value === null ? null : read(this);
  }

  /** The value as it is. */
  any(): unknown {
    return this.#value;
  }

  /** Whether the field is there at all. */
  get present(): boolean {
    return this.#value !== undefined;
  }

  #fail(expected: string): never {
    const found = this.#value === undefined ? "nothing" : JSON.stringify(this.#value).slice(0, 60);
    throw reportError("bad-findings", { path: this.#path || "the document", expected, found });
  }
}
