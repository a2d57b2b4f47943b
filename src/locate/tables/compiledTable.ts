import type { WasmMemory } from "../../core/wasmKernel.js";
import type { LocationRecordTable } from "../places/locationRecordTable.js";
import type { Layer, PackedLayer } from "../sources/layer.js";
import { assembleTable4 } from "./assembleTable4.js";
import { assembleTable6 } from "./assembleTable6.js";
import { buildTable4 } from "./buildTable4.js";
import { buildTable6 } from "./buildTable6.js";
import type { Table4 } from "./table4.js";
import type { Table6 } from "./table6.js";
import { TableMemory } from "./tableMemory.js";

/** Everything that a look-up reads: address → pair id → place id and network id. */
export interface CompiledTable {
  readonly table4: Table4;
  readonly table6: Table6;
  /** Pairs below this are of the place with their own number and no network, which spares looking them up. */
  readonly plainPairs: number;
  /** Place id and network id of each other pair, the first of which is pair `plainPairs`. */
  readonly pairPlace: Uint32Array;
  readonly pairNetwork: Uint32Array;
  /** Whether a database says anything about the family. */
  readonly covers4: boolean;
  readonly covers6: boolean;
  /** The memory that all columns lie in, if kernels can read it. */
  readonly memory: WasmMemory | undefined;
}

/** Builds the indexes over a layer, in steps. The pairs of a packed layer must be the table's own. */
export function* compileTable(
  layer: Layer | PackedLayer,
  pairs: LocationRecordTable,
  memory: TableMemory = TableMemory.create(),
): Generator<undefined, CompiledTable> {
  const isPacked = "runs4" in layer;
  const table4 = yield* isPacked ? assembleTable4(layer.runs4, memory) : buildTable4(layer.ranges4, memory);
  const table6 = yield* isPacked ? assembleTable6(layer.trie6, memory) : buildTable6(layer.ranges6, memory);
  const { covers4, covers6 } = layer;
  const columns = pairColumns(pairs, memory);
  return { table4, table6, covers4, covers6, ...columns, memory: memory.wasm };
}

/** A table with another layer's IPv6 ranges, in steps; the IPv4 ranges stay where they are. */
export function* withIpv6(
  table: CompiledTable,
  layer: Layer,
  pairs: LocationRecordTable,
): Generator<undefined, CompiledTable> {
  const memory = new TableMemory(table.memory);
  const table6 = yield* buildTable6(layer.ranges6, memory);
  const columns = pairColumns(pairs, memory);
  return { ...table, table6, covers6: layer.covers6, ...columns, memory: memory.wasm };
}

/** The place id of a pair. */
export function placeOfPair({ plainPairs, pairPlace }: CompiledTable, pair: number): number {
  return pair < plainPairs ? pair : pairPlace[pair - plainPairs]!;
}

/** The network id of a pair. */
export function networkOfPair({ plainPairs, pairNetwork }: CompiledTable, pair: number): number {
  return pair < plainPairs ? 0 : pairNetwork[pair - plainPairs]!;
}

function pairColumns(
  pairs: LocationRecordTable,
  memory: TableMemory,
): Pick<CompiledTable, "plainPairs" | "pairPlace" | "pairNetwork"> {
  const { plain, place, network } = pairs.columns();
  return { plainPairs: plain, pairPlace: memory.copy(place), pairNetwork: memory.copy(network) };
}
