import { databaseLayer } from "./databaseLayer.js";
import { fuse } from "./fuse.js";
import type { Layer, LayerIndexes } from "./layer.js";
import { type NetworkList, networkListLayer } from "./networkList.js";
import { runInSteps } from "./runInSteps.js";
import { specialLayer, type UserNetwork, userLayer } from "./userNetworks.js";

/** Where a locator's places and networks come from. */
export interface LocatorSources {
  /** Paths of databases: .mmdb, .csv, .csv.gz, saved tables. Of several that place an address the first wins. */
  readonly databases: readonly string[];
  /** The user's own networks, over all databases. */
  readonly networks?: readonly UserNetwork[];
  /** Lists of networks whose tags are added. */
  readonly lists?: readonly NetworkList[];
  /** Epoch milliseconds by which databases are judged stale. Default: they are not. */
  readonly nowMs?: number;
}

/** All sources as one layer, and what to say about them. */
export interface CompiledSources {
  readonly layer: Layer;
  readonly attributions: readonly string[];
  readonly warnings: readonly string[];
  readonly sources: readonly { readonly name: string; readonly builtMs: number }[];
}

/** A database is stale when it was built longer ago than this. */
const STALE_AFTER_DAYS = 30;

/** Reads all sources and lays them over each other, letting others run in between. Throws what reading them throws. */
export async function compileSources(
  options: LocatorSources,
  indexes: LayerIndexes,
  signal?: AbortSignal,
): Promise<CompiledSources> {
  const databases = [];
  // Databases first: a saved table is taken over as it is if nothing has an id yet.
  for (const path of options.databases) databases.push(await databaseLayer(path, indexes, signal));
  const upper: Layer[] = [];
  const warnings: string[] = [];
  if (options.networks !== undefined && options.networks.length > 0) upper.push(userLayer(options.networks, indexes));
  for (const list of options.lists ?? []) {
    const { layer, rejected } = await networkListLayer(list, indexes, signal);
    upper.push(layer);
    if (rejected > 0) warnings.push(`${list.path}: ${rejected} lines are no networks`);
  }
  const lower = databases.every(({ isComplete }) => isComplete) && databases.length > 0 ? [] : [specialLayer(indexes)];
  const layers = [...upper, ...databases.map(({ layer }) => layer), ...lower];
  const layer = await runInSteps(fuse(layers, indexes), signal);
  const sources = databases.flatMap((database) => database.sources);
  const attributions = [...new Set(databases.flatMap((database) => database.attributions))];
  return { layer, attributions, sources, warnings: [...warnings, ...staleWarnings(sources, options.nowMs)] };
}

function staleWarnings(sources: CompiledSources["sources"], nowMs = 0): string[] {
  return sources.flatMap(({ name, builtMs }) => {
    const days = Math.floor((nowMs - builtMs) / 86_400_000);
    return builtMs > 0 && days > STALE_AFTER_DAYS ? [`${name} was built ${days} days ago`] : [];
  });
}
