/**
 * Strings as dense codes, in the order they were first seen. Code 0 is always the empty string, which stands for "absent".
 *
 * Codes never change once given, so columns of codes stay valid while the dictionary grows.
 */
export class Dictionary {
  readonly #codes = new Map<string, number>([["", 0]]);
  readonly #values: string[] = [""];

  /** A dictionary that holds the values in their order; the empty string, if missing at the front, is put there. */
  static from(values: Iterable<string>): Dictionary {
    const dictionary = new Dictionary();
    for (const value of values) dictionary.code(value);
    return dictionary;
  }

  /** How many codes there are, the empty string's among them. */
  get size(): number {
    return this.#values.length;
  }

  /** Every value, by code. */
  get values(): readonly string[] {
    return this.#values;
  }

  /** The code of a value; a new one if it has none. */
  code(value: string): number {
    const known = this.#codes.get(value);
    if (known !== undefined) return known;
    const code = this.#values.length;
    this.#codes.set(value, code);
    this.#values.push(value);
    return code;
  }

  /** The code of a value, or -1 if it was never seen. */
  find(value: string): number {
    return this.#codes.get(value) ?? -1;
  }

  /** The value of a code, or the empty string if the code was never given. */
  value(code: number): string {
    return this.#values[code] ?? "";
  }
}
