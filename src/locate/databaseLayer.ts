import { isGeopivotError } from "../core/errors.js";
import { attributionOf } from "./attribution.js";
import { csvLayer, isCsvPath } from "./csvLayer.js";
import { locateError, reasonOf } from "./errors.js";
import type { Layer, LayerIndexes, PackedLayer } from "./layer.js";
import { mmdbLayer } from "./mmdb/mmdbLayer.js";
import { openMmdb } from "./mmdb/openMmdb.js";
import { readDatabase } from "./readDatabase.js";
import { runInSteps } from "./runInSteps.js";
import { layerOfSaved, metaOf } from "./saved/savedLayer.js";
import { isTableFile, readTableFile } from "./saved/tableFile.js";

/** A database as a layer, and what it says of itself. */
export interface DatabaseLayer {
  readonly layer: Layer | PackedLayer;
  readonly attributions: readonly string[];
  /** The databases behind it: itself, or what a saved table was compiled from. */
  readonly sources: readonly { readonly name: string; readonly builtMs: number }[];
  /** Whether special-purpose ranges are in it already. */
  readonly isComplete: boolean;
}

/**
 * Opens a database of any kind, letting others run in between: an .mmdb file, a saved table, or CSV ranges.
 *
 * Throws `unreadable-database`, `unsupported-database` and `corrupt-database`.
 */
export async function databaseLayer(path: string, indexes: LayerIndexes, signal?: AbortSignal): Promise<DatabaseLayer> {
  if (isCsvPath(path)) return { ...plain(path, 0, ""), layer: await csvLayer(path, indexes, signal) };
  const bytes = await readDatabase(path, signal);
  if (isTableFile(bytes)) return savedDatabase(bytes, path, indexes, signal);
  const file = openMmdb(bytes, path);
  const layer = await runInSteps(mmdbLayer(file, indexes), signal);
  return { ...plain(path, file.builtMs, `${file.databaseType} ${file.description}`), layer };
}

function plain(path: string, builtMs: number, description: string): Omit<DatabaseLayer, "layer"> {
  const attribution = attributionOf(description, path);
  return {
    attributions: attribution === "" ? [] : [attribution],
    sources: [{ name: path, builtMs }],
    isComplete: false,
  };
}

async function savedDatabase(
  bytes: Uint8Array,
  path: string,
  indexes: LayerIndexes,
  signal: AbortSignal | undefined,
): Promise<DatabaseLayer> {
  const file = await runInSteps(readTableFile(bytes, path), signal);
  try {
    const layer = await runInSteps(layerOfSaved(file, indexes), signal);
    const { attributions, sources } = metaOf(file);
    return { layer, attributions, sources, isComplete: true };
  } catch (cause) {
    signal?.throwIfAborted();
    if (isGeopivotError(cause)) throw cause;
    throw locateError("corrupt-database", { path, reason: reasonOf(cause) }, cause);
  }
}
