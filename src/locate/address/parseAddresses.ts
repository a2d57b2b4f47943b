import { type AddressColumn, IPV6 } from "../../core/addressColumn.js";
import { wasmKernel, wasmMemory } from "../../core/wasmKernel.js";
import { locateError } from "../errors.js";
import { BLOCK_ROWS } from "../tables/ipv6Rows.js";
import { parseQuadsWasm } from "../wasm/parseQuadsWasm.js";
import { parseAddress, parseAddressBytes } from "./parseAddress.js";

/** What wasm/parseQuads.as.ts exports. */
interface Kernel {
  begin(tables: number): void;
  parse(text: number, ends: number, rows: number, families: number, addresses: number): number;
}

/** The family that the kernel gives to what is not for it. */
const OTHER = 255;
/** Bytes of text that the kernel takes at a time, which most addresses of a block have room in. */
const TEXT_BYTES = 20 * BLOCK_ROWS;
/** Bytes behind the text that the kernel may read; also, more than the longest character has. */
const BEHIND_BYTES = 16;
/** A longer text is no quad, and copying it beside others takes time. */
const MAX_BYTES = 64;

/** Where columns lie in the kernel's memory. */
const ENDS_AT = 2048;
const VALUES_AT = ENDS_AT + 4 * BLOCK_ROWS;
const FAMILIES_AT = VALUES_AT + 4 * BLOCK_ROWS;
const TEXT_AT = FAMILIES_AT + BLOCK_ROWS;
const MEMORY_BYTES = TEXT_AT + TEXT_BYTES + BEHIND_BYTES;

/** Is given addresses, of which the first is number `from`. They are overwritten afterwards. */
type TakeBlock = (block: AddressColumn, from: number) => void;

/** Parses addresses block by block, each as {@link parseAddress} does it; most by a kernel where there is one. */
export class AddressParser {
  readonly #kernel: Kernel | undefined;
  readonly #text: Buffer;
  readonly #ends: Uint32Array;
  readonly #block: { length: number } & AddressColumn;
  readonly #words = new Uint32Array(4);

  constructor() {
    const memory = wasmMemory(MEMORY_BYTES);
    this.#kernel = memory && wasmKernel<Kernel>(parseQuadsWasm, memory);
    const buffer = memory?.buffer ?? new ArrayBuffer(MEMORY_BYTES);
    this.#text = Buffer.from(buffer, TEXT_AT, TEXT_BYTES + BEHIND_BYTES);
    this.#ends = new Uint32Array(buffer, ENDS_AT, BLOCK_ROWS);
    this.#block = {
      length: 0,
      family: new Uint8Array(buffer, FAMILIES_AT, BLOCK_ROWS),
      value: new Uint32Array(buffer, VALUES_AT, BLOCK_ROWS),
      words: new Uint32Array(4 * BLOCK_ROWS),
    };
    this.#kernel?.begin(0);
  }

  texts(texts: readonly string[], take: TakeBlock): void {
    for (let from = 0; from < texts.length; from += this.#block.length) {
      const rows = this.#rowsThatFit((row) => texts[from + row]?.length ?? -1);
      const bytes = this.#text.write(texts.slice(from, from + rows).join(""));
      // A character that is not ASCII takes more bytes.
      const isAscii = rows > 0 && bytes === this.#ends[rows - 1];
      this.#parse(isAscii ? rows : 0, Math.max(rows, 1), (row, words) => parseAddress(texts[from + row]!, words));
      take(this.#block, from);
    }
  }

  /**
   * Parses addresses that lie in one buffer. Throws `bad-option`.
   *
   * @param offsets - where each address begins, and where the last one ends; ascending, within the bytes
   */
  bytes(bytes: Uint8Array, offsets: Uint32Array, take: TakeBlock): void {
    const last = offsets.length - 1;
    const isRight = last < 0 || (offsets[last]! <= bytes.length && isAscending(offsets));
    if (!isRight)
      throw locateError("bad-option", { option: "offsets", reason: "must ascend and lie within the bytes" });
    for (let from = 0; from < last; from += this.#block.length) {
      const rows = this.#rowsThatFit((row) =>
        from + row < last ? offsets[from + row + 1]! - offsets[from + row]! : -1,
      );
      this.#text.set(bytes.subarray(offsets[from]!, offsets[from + rows]!));
      this.#parse(rows, Math.max(rows, 1), (row, words) =>
        parseAddressBytes(bytes, offsets[from + row]!, offsets[from + row + 1]!, words),
      );
      take(this.#block, from);
    }
  }

  /** How many rows the kernel can take together, whose ends it writes. @param lengthOf - bytes of a row; -1 behind the last */
  #rowsThatFit(lengthOf: (row: number) => number): number {
    const ends = this.#ends;
    let end = 0;
    for (let row = 0; row < BLOCK_ROWS; row++) {
      const length = lengthOf(row);
      end += length;
      if (length < 0 || length > MAX_BYTES || end > TEXT_BYTES) return row;
      ends[row] = end;
    }
    return BLOCK_ROWS;
  }

  /**
   * Fills the block with so many addresses.
   *
   * @param taken - how many of them the kernel can take
   * @param parse - parses any of the others
   */
  #parse(taken: number, rows: number, parse: (row: number, words: Uint32Array) => 0 | 4 | 6): void {
    const [block, words] = [this.#block, this.#words];
    const { family, value } = block;
    block.length = rows;
    if (this.#kernel === undefined || taken < rows) family.fill(OTHER, 0, rows);
    else if (this.#kernel.parse(TEXT_AT, ENDS_AT, rows, FAMILIES_AT, VALUES_AT) === 0) return;
    for (let row = 0; row < rows; row++) {
      if (family[row] !== OTHER) continue;
      family[row] = parse(row, words);
      value[row] = family[row] === IPV6 ? row : words[3]!;
      if (family[row] === IPV6) block.words.set(words, 4 * row);
    }
  }
}

function isAscending(offsets: Uint32Array): boolean {
  for (let i = 1; i < offsets.length; i++) if (offsets[i]! < offsets[i - 1]!) return false;
  return true;
}
