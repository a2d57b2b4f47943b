import { isGeopivotError } from "../../core/errors.js";
import type { WasmMemory } from "../../core/wasmKernel.js";
import { binLayer } from "../bin/binLayer.js";
import { locateError, reasonOf } from "../errors.js";
import { fileBytes, fileMemory } from "../mmdb/fileMemory.js";
import type { MmdbFile } from "../mmdb/mmdbFile.js";
import { mmdbLayer } from "../mmdb/mmdbLayer.js";
import { openMmdb } from "../mmdb/openMmdb.js";
import { SearchTree } from "../mmdb/searchTree.js";
import { uniformRanges4 } from "../ranges/ranges4.js";
import { uniformRanges6 } from "../ranges/ranges6.js";
import { layerOfSaved, metaOf } from "../saved/savedLayer.js";
import { savedBytes, savedMemory } from "../saved/savedMemory.js";
import { ArrivingSum, isTableFile, readTableFile, type TableFile } from "../saved/tableFile.js";
import type { Locations } from "../text/locations.js";
import { textLayer } from "../text/textDatabase.js";
import { attributionOf } from "./attribution.js";
import { databaseKind } from "./databaseKind.js";
import type { Layer, LayerIndexes, PackedLayer } from "./layer.js";
import { readDatabase } from "./readDatabase.js";
import { runInSteps } from "./runInSteps.js";

/** A database as a layer, and what it says of itself. */
export interface DatabaseLayer {
  readonly layer: Layer | PackedLayer;
  readonly attributions: readonly string[];
  /** The databases behind it: itself, or what a saved table was compiled from. */
  readonly sources: readonly { readonly name: string; readonly builtMs: number }[];
  /** Whether special-purpose ranges are in it already. */
  readonly isComplete: boolean;
  /** The layer in truth, where `layer` says nothing because it was deferred. */
  readonly later?: () => Generator<undefined, Layer>;
  /** What is wrong with it without keeping it from being used. */
  readonly warnings?: readonly string[];
}

/** How databases are opened. */
export interface OpenOptions {
  /** Leave an .mmdb file that has nothing but IPv6 networks for later. */
  readonly deferIpv6?: boolean | undefined;
  /** Places by GeoNames id, of the `Locations` files that were given. */
  readonly locations?: Locations | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens a database of any kind, letting others run in between: an .mmdb file, a saved table, a BIN file of IP2Location, or
 * text (CSV, tabs, JSON a line). Throws `unreadable-database`, `unsupported-database` and `corrupt-database`.
 */
export async function databaseLayer(
  path: string,
  indexes: LayerIndexes,
  { deferIpv6 = false, locations, signal }: OpenOptions = {},
): Promise<DatabaseLayer> {
  const kind = await databaseKind(path);
  if (kind === "text") return { ...plain(path, 0, ""), ...(await textLayer(path, indexes, locations, signal)) };
  if (kind === "bin") {
    const { layer, builtMs } = await binLayer(path, indexes, signal);
    return { ...plain(path, builtMs, "IP2Location"), layer };
  }
  let tableMemory: WasmMemory | undefined;
  let mmdbMemory: WasmMemory | undefined;
  const sum = new ArrivingSum();
  const bytes = await readDatabase(path, signal, {
    ensureCapacity: (size, head) => {
      if (isTableFile(head)) {
        tableMemory = savedMemory(size);
        return tableMemory && savedBytes(tableMemory, size);
      }
      mmdbMemory = fileMemory(size);
      return mmdbMemory && fileBytes(mmdbMemory, size);
    },
    onRead: (read, from) => sum.add(read, from),
  });
  if (isTableFile(bytes)) {
    const file = await runInSteps(readTableFile(bytes, sum.value, path), signal);
    return savedDatabase(file, tableMemory, path, indexes, signal);
  }
  const file = openMmdb(bytes, path, mmdbMemory);
  const about = plain(path, file.builtMs, `${file.databaseType} ${file.description}`);
  if (deferIpv6 && isIpv6Only(file)) return { ...about, layer: NOTHING, later: () => mmdbLayer(file, indexes) };
  return { ...about, layer: await runInSteps(mmdbLayer(file, indexes), signal) };
}

/** Whether the subtree of IPv4 networks is empty. */
function isIpv6Only(file: MmdbFile): boolean {
  return file.ipVersion === 6 && new SearchTree(file).ipv4Root() === file.nodeCount;
}

const NOTHING: Layer = {
  ranges4: uniformRanges4(0),
  ranges6: uniformRanges6(0),
  covers4: false,
  covers6: false,
};

function plain(path: string, builtMs: number, description: string): Omit<DatabaseLayer, "layer"> {
  const attribution = attributionOf(description, path);
  return {
    attributions: attribution === "" ? [] : [attribution],
    sources: [{ name: path, builtMs }],
    isComplete: false,
  };
}

async function savedDatabase(
  file: TableFile,
  memory: WasmMemory | undefined,
  path: string,
  indexes: LayerIndexes,
  signal: AbortSignal | undefined,
): Promise<DatabaseLayer> {
  try {
    const layer = await runInSteps(layerOfSaved(file, indexes, memory), signal);
    const { attributions, sources } = metaOf(file);
    return { layer, attributions, sources, isComplete: true };
  } catch (cause) {
    signal?.throwIfAborted();
    if (isGeopivotError(cause)) throw cause;
    throw locateError("corrupt-database", { path, reason: reasonOf(cause) }, cause);
  }
}
