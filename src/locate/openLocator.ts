import { attributionOf } from "./attribution.js";
import { type CompiledTable, compileTable } from "./compiledTable.js";
import { findDatabases } from "./findDatabases.js";
import { fuse } from "./fuse.js";
import type { Layer, LayerIndexes } from "./layer.js";
import { Locator } from "./locator.js";
import { mmdbLayer } from "./mmdb/mmdbLayer.js";
import { openMmdb } from "./mmdb/openMmdb.js";
import { NetworkIndex } from "./networkIndex.js";
import { PairTable } from "./pairTable.js";
import { PlaceIndex } from "./placeIndex.js";
import { readDatabase } from "./readDatabase.js";
import { runInSteps } from "./runInSteps.js";
import { allocateShared } from "./share.js";
import { specialLayer, type UserNetwork, userLayer } from "./userNetworks.js";

export interface LocatorOptions {
  /** Paths of databases. Of several that place an address the first wins. Default: what {@link findDatabases} finds. */
  readonly databases?: readonly string[];
  /** The user's own networks, over all databases. */
  readonly networks?: readonly UserNetwork[];
  /** Epoch milliseconds by which databases are judged stale. Default: they are not. */
  readonly nowMs?: number;
  /** Rejects the opening when it is aborted. */
  readonly signal?: AbortSignal;
}

/** A database is stale when it was built longer ago than this. */
const STALE_AFTER_DAYS = 30;

/**
 * Opens databases and compiles them to one table.
 *
 * Throws `no-database`, `unreadable-database`, `unsupported-database`, `corrupt-database`, `bad-network` and `bad-option`.
 */
export async function openLocator(options: LocatorOptions = {}): Promise<Locator> {
  const { signal } = options;
  const paths = options.databases ?? findDatabases();
  const indexes = { places: new PlaceIndex(), networks: new NetworkIndex(), pairs: new PairTable() };
  const layers: Layer[] = [userLayer(options.networks ?? [], indexes)];
  const warnings: string[] = [];
  const attributions = new Set<string>();
  for (const path of paths) {
    const file = openMmdb(await readDatabase(path, signal), path);
    layers.push(await runInSteps(mmdbLayer(file, indexes), signal));
    const attribution = attributionOf(file);
    if (attribution !== "") attributions.add(attribution);
    const ageDays = ((options.nowMs ?? 0) - file.builtMs) / 86_400_000;
    if (file.builtMs > 0 && ageDays > STALE_AFTER_DAYS) {
      warnings.push(`${path} was built ${Math.floor(ageDays)} days ago`);
    }
  }
  layers.push(specialLayer(indexes));
  const table = await runInSteps(compiled(layers, indexes), signal);
  return new Locator({
    places: indexes.places.places,
    networks: indexes.networks.networks,
    table,
    attributions: [...attributions],
    warnings,
  });
}

function* compiled(layers: readonly Layer[], indexes: LayerIndexes): Generator<undefined, CompiledTable> {
  const fused = yield* fuse(layers, indexes);
  return yield* compileTable(fused, indexes.pairs, allocateShared);
}
