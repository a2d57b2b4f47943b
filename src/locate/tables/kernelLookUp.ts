import type { AddressColumn } from "../../core/addressColumn.js";
import { PAGE_BYTES, type WasmMemory, wasmKernel } from "../../core/wasmKernel.js";
import { lookUpWasm } from "../wasm/lookUpWasm.js";
import { type CompiledTable, networkOfPair, placeOfPair } from "./compiledTable.js";
import { BLOCK_ROWS, Ipv6Rows } from "./ipv6Rows.js";
import { type RowLookUp, scalarLookUp } from "./scalarLookUp.js";

/** What wasm/lookUp.as.ts exports. */
interface Kernel {
  use(...numbers: number[]): void;
  findIpv4s(
    families: number,
    addresses: number,
    count: number,
    places: number,
    networks: number,
    scratch: number,
  ): number;
  findIpv6s(addresses: number, count: number, places: number, networks: number, scratch: number): void;
}

/** {@link RowLookUp} by the kernel where there is one, else by loops. */
export function rowLookUp(table: CompiledTable): RowLookUp {
  return kernelLookUp(table) ?? scalarLookUp(table);
}

/** {@link RowLookUp} by a kernel; undefined where there is no WebAssembly or the table does not lie in its memory. */
export function kernelLookUp(table: CompiledTable): RowLookUp | undefined {
  if (table.memory === undefined) return undefined;
  const kernel = wasmKernel<Kernel>(lookUpWasm, table.memory);
  const block = blockIn(table.memory);
  if (kernel === undefined || block === undefined) return undefined;
  const { direct, lows, ids } = table.table4;
  const { root, nodes, entries } = table.table6;
  const columns = [direct, lows, ids, root, nodes, entries, table.pairPlace, table.pairNetwork];
  const othersHavePlaces = table.pairPlace.some((place) => place !== 0);
  kernel.use(
    ...columns.map((column) => column.byteOffset),
    table.plainPairs,
    Number(othersHavePlaces),
    block.lanes.byteOffset,
  );
  return new KernelLookUp(table, kernel, block);
}

/** Where a block's rows lie in the kernel's memory, and a block of those among them that are IPv6. */
interface Block {
  readonly families: Uint8Array;
  readonly addresses: Uint32Array;
  readonly places: Uint32Array;
  readonly networks: Uint32Array;
  readonly addresses6: Ipv6Rows;
  readonly places6: Uint32Array;
  readonly networks6: Uint32Array;
  /** What the kernel needs besides. */
  readonly scratch: Uint32Array;
  readonly lanes: Uint32Array;
}

/** IPv6 rows that the kernel takes at a time: their nodes are to stay in a fast cache. */
const ROWS6 = 1024;

/** Room for a block behind whatever the memory holds, which no other thread has. */
function blockIn(memory: WasmMemory): Block | undefined {
  let at: number;
  try {
    at = memory.grow(Math.ceil((41 * BLOCK_ROWS + 12 + 256) / PAGE_BYTES)) * PAGE_BYTES;
  } catch {
    return undefined;
  }
  const words = (length: number): Uint32Array => {
    at += 4 * length;
    return new Uint32Array(memory.buffer, at - 4 * length, length);
  };
  return {
    lanes: words(64),
    addresses: words(BLOCK_ROWS),
    places: words(BLOCK_ROWS),
    networks: words(BLOCK_ROWS),
    addresses6: new Ipv6Rows(words(4 * BLOCK_ROWS)),
    places6: words(BLOCK_ROWS),
    networks6: words(BLOCK_ROWS),
    scratch: words(BLOCK_ROWS + 3),
    families: new Uint8Array(memory.buffer, at, BLOCK_ROWS),
  };
}

class KernelLookUp implements RowLookUp {
  readonly #table: CompiledTable;
  readonly #kernel: Kernel;
  readonly #block: Block;

  constructor(table: CompiledTable, kernel: Kernel, block: Block) {
    this.#table = table;
    this.#kernel = kernel;
    this.#block = block;
  }

  find(column: AddressColumn, from: number, end: number, places: Uint32Array, networks: Uint32Array | undefined): void {
    const block = this.#block;
    const count = end - from;
    block.families.set(column.family.subarray(from, end));
    block.addresses.set(column.value.subarray(from, end));
    const areAllIpv4 = this.#kernel.findIpv4s(
      block.families.byteOffset,
      block.addresses.byteOffset,
      count,
      block.places.byteOffset,
      networks === undefined ? 0 : block.networks.byteOffset,
      block.scratch.byteOffset,
    );
    places.set(block.places.subarray(0, count), from);
    networks?.set(block.networks.subarray(0, count), from);
    if (areAllIpv4 === 0) this.#findOthers(column, from, end, places, networks);
  }

  /** Overwrites what was found for the rows that are not IPv4. */
  #findOthers(
    column: AddressColumn,
    from: number,
    end: number,
    places: Uint32Array,
    networks: Uint32Array | undefined,
  ): void {
    const table = this.#table;
    const { addresses6, places6, networks6, scratch } = this.#block;
    addresses6.collect(column, from, end, table.table4, (row, pair) => {
      places[row] = placeOfPair(table, pair);
      if (networks !== undefined) networks[row] = networkOfPair(table, pair);
    });
    const { rows, words, count } = addresses6;
    for (let at = 0; at < count; at += ROWS6) {
      const networksAt = networks === undefined ? 0 : networks6.byteOffset + 4 * at;
      const [wordsAt, placesAt] = [words.byteOffset + 16 * at, places6.byteOffset + 4 * at];
      this.#kernel.findIpv6s(wordsAt, Math.min(ROWS6, count - at), placesAt, networksAt, scratch.byteOffset);
    }
    for (let i = 0; i < count; i++) places[rows[i]!] = places6[i]!;
    if (networks !== undefined) for (let i = 0; i < count; i++) networks[rows[i]!] = networks6[i]!;
  }
}
