import type { FieldMeanings } from "../fields/fieldMap.js";
import { ROLE } from "../fields/role.js";
import type { Field, RowWriter } from "../fields/rowWriter.js";
import type { RejectReason } from "../readReport.js";

/** Objects deeper than this hold no field of an event. */
export const MAX_DEPTH = 16;

/** Names remembered with their meaning; beyond, names are looked up each time. */
const MAX_NAMES = 10_000;

/**
 * Writes parsed JSON objects to rows: the plain way, and the reference for the scanner of bytes.
 *
 * A field of a nested object is known by its dotted name. A list stands for its first element if that is no object or
 * list, and for nothing otherwise. Numbers and booleans are read as JavaScript prints them.
 */
export class JsonRow {
  readonly writer: RowWriter;
  readonly #meanings: FieldMeanings;
  readonly #fields = new Map<string, Field>();
  #text = new Uint8Array(4096);

  constructor(writer: RowWriter, meanings: FieldMeanings) {
    this.writer = writer;
    this.#meanings = meanings;
  }

  /** Writes one row; tells why the value is no event if it is none. */
  write(value: unknown): RejectReason | undefined {
    if (!isObject(value)) return "not-an-event";
    this.writer.begin();
    this.#object(value, "", 1);
    return this.writer.end();
  }

  /** Whether a value of this dotted name was written before. */
  knows(name: string): boolean {
    return this.#fields.has(name);
  }

  /** The field of a dotted name. */
  field(name: string): Field {
    const known = this.#fields.get(name);
    if (known !== undefined) return known;
    const field = this.writer.field(this.#meanings(name));
    if (this.#fields.size < MAX_NAMES) this.#fields.set(name, field);
    return field;
  }

  #object(object: Readonly<Record<string, unknown>>, prefix: string, depth: number): void {
    for (const key of Object.keys(object)) {
      const value = object[key];
      if (isObject(value)) {
        if (depth < MAX_DEPTH) this.#object(value, `${prefix}${key}.`, depth + 1);
      } else if (Array.isArray(value)) this.#list(prefix + key, value);
      else this.#scalar(prefix + key, value);
    }
  }

  /** A header that was sent several times is one list (RFC 9110, section 5.3); of other lists the first element counts. */
  #list(name: string, list: readonly unknown[]): void {
    const isHops = list.length > 1 && list.every((one) => typeof one === "string") && isForwarded(this.field(name));
    this.#scalar(name, isHops ? list.join(", ") : list[0]);
  }

  #scalar(name: string, value: unknown): void {
    if (typeof value === "string") this.#assign(name, value);
    else if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint")
      this.#assign(name, String(value));
    else if (value instanceof Date) this.#assign(name, String(value.getTime()));
  }

  #assign(name: string, text: string): void {
    if (text === "" || text === "-") return;
    if (text.length * 3 > this.#text.length) this.#text = new Uint8Array(text.length * 3);
    const { written } = encoder.encodeInto(text, this.#text);
    this.writer.assign(this.field(name), this.#text, 0, written);
  }
}

/** Whether a field is a list of proxies, of which the last elements count. */
function isForwarded({ role }: { readonly role: number }): boolean {
  return role === ROLE.forwardedFor || role === ROLE.forwarded;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

const encoder = new TextEncoder();
