import type { Ranges6 } from "../ranges/ranges6.js";
import { assembleTable6 } from "./assembleTable6.js";
import { trieOf6 } from "./packedTrie.js";
import type { Table6 } from "./table6.js";
import type { TableMemory } from "./tableMemory.js";

/** Builds the table of ranges in steps, so that the caller can let others run in between. Ids must lie below 2^30. */
export function* buildTable6(ranges: Ranges6, memory: TableMemory): Generator<undefined, Table6> {
  return yield* assembleTable6(yield* trieOf6(ranges), memory);
}
