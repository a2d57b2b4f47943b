import { triageError } from "../errors.js";

/** A value of a document of events, with the way to it. */
export class EventReader {
  readonly #value: unknown;
  readonly #path: string;

  constructor(value: unknown, path: string) {
    this.#value = value;
    this.#path = path;
  }

  at(name: string): EventReader {
    const value = this.isObject ? (this.#value as Record<string, unknown>) : this.fail("an object");
    return new EventReader(Object.hasOwn(value, name) ? value[name] : undefined, `${this.#path}.${name}`);
  }

  get isObject(): boolean {
    return typeof this.#value === "object" && this.#value !== null && !Array.isArray(this.#value);
  }

  /** Whether there is anything. */
  get present(): boolean {
    return this.#value !== undefined && this.#value !== null;
  }

  get isTrue(): boolean {
    return this.#value === true;
  }

  has(name: string): boolean {
    return this.isObject && this.at(name).present;
  }

  text(): string {
    return typeof this.#value === "string" ? this.#value : this.fail("a text");
  }

  /** A finite number, also where it is written as a text. */
  number(): number {
    const number = typeof this.#value === "string" && this.#value.trim() !== "" ? Number(this.#value) : this.#value;
    return typeof number === "number" && Number.isFinite(number) ? number : this.fail("a number");
  }

  /** Milliseconds of epoch seconds. */
  seconds(): number {
    const ms = 1000 * this.number();
    return Math.abs(ms) <= LATEST_MS ? ms : this.fail("a time in seconds");
  }

  /** Epoch milliseconds of an ISO 8601 time, UTC unless it says otherwise. */
  time(): number {
    const text = this.text();
    const zoned = /^\d{4}-\d{2}-\d{2}T[\d:.]+$/.test(text) ? `${text}Z` : text;
    const ms = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(zoned) : Number.NaN;
    return Number.isNaN(ms) ? this.fail("an ISO 8601 time") : ms;
  }

  list(): EventReader[] {
    if (!Array.isArray(this.#value)) this.fail("a list");
    return (this.#value as readonly unknown[]).map((item, i) => new EventReader(item, `${this.#path}[${i}]`));
  }

  /** A list that may be left out. */
  listOrNone(): EventReader[] {
    return this.present ? this.list() : [];
  }

  fail(expected: string): never {
    const found = this.#value === undefined ? "nothing" : JSON.stringify(this.#value).slice(0, 60);
    throw triageError("bad-events", { path: this.#path, expected, found });
  }
}

/** The year 9999: what is later is no time of an outage. */
const LATEST_MS = 253_402_300_799_000;
