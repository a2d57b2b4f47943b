/** A struct of Thrift's compact protocol: numbers and structs by field; other values are passed over. */
export interface ThriftStruct {
  readonly [field: number]: number | ThriftStruct;
}

const MAX_DEPTH = 16;

/** Reads structs of Thrift's compact protocol, as far as Parquet's page headers need it. Throws `RangeError` beyond the end. */
export class CompactThrift {
  readonly #bytes: Uint8Array;
  /** Where the next byte is read. */
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  struct(depth = 0): ThriftStruct {
    if (depth > MAX_DEPTH) throw new RangeError("structs are nested too deeply");
    const fields: Record<number, number | ThriftStruct> = {};
    for (let field = 0; ; ) {
      const head = this.#byte();
      const type = head & 15;
      if (type === 0) return fields;
      field = head >> 4 === 0 ? this.#zigzag() : field + (head >> 4);
      const value = this.#value(type, depth);
      if (value !== undefined) fields[field] = value;
    }
  }

  #value(type: number, depth: number): number | ThriftStruct | undefined {
    if (type <= 2) return 2 - type;
    if (type === 3) return this.#byte();
    if (type <= 6) return this.#zigzag();
    if (type === 12) return this.struct(depth + 1);
    if (type === 7) this.#skip(8);
    else if (type === 8) this.#skip(this.#varint());
    else if (type === 9 || type === 10) this.#list(depth);
    else throw new RangeError("there is no such type");
    return undefined;
  }

  #list(depth: number): void {
    const head = this.#byte();
    const size = head >> 4 === 15 ? this.#varint() : head >> 4;
    const type = head & 15;
    if (size > this.#bytes.length - this.at) throw new RangeError("a list is longer than the file");
    for (let i = 0; i < size; i++) this.#value(type <= 2 ? 3 : type, depth + 1);
  }

  #skip(count: number): void {
    this.at += count;
    if (this.at > this.#bytes.length) throw new RangeError("a value ends behind the file");
  }

  #byte(): number {
    if (this.at >= this.#bytes.length) throw new RangeError("the file ends too early");
    return this.#bytes[this.at++]!;
  }

  #varint(): number {
    let value = 0;
    for (let power = 1; ; power *= 128) {
      const byte = this.#byte();
      value += (byte & 127) * power;
      if (byte < 128) return value;
      if (power > 2 ** 63) throw new RangeError("a number is too long");
    }
  }

  #zigzag(): number {
    const value = this.#varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}
