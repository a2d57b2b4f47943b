import { databaseLayer } from "./databaseLayer.js";
import { fuse } from "./fuse.js";
import type { Layer, LayerIndexes, PackedLayer } from "./layer.js";
import { type NetworkList, networkListLayer } from "./networkList.js";
import { runInSteps } from "./runInSteps.js";
import { ranges4OfTrie, ranges6OfTrie } from "./trieRanges.js";
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
  /** Packed if it is a saved table and nothing else. */
  readonly layer: Layer | PackedLayer;
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
  const middle = databases.map(({ layer }) => layer);
  const isAlone = middle.length === 1 && upper.length === 0 && lower.length === 0;
  const layer = isAlone ? middle[0]! : await runInSteps(fuseAll(upper, middle, lower, indexes), signal);
  const sources = databases.flatMap((database) => database.sources);
  const attributions = [...new Set(databases.flatMap((database) => database.attributions))];
  return { layer, attributions, sources, warnings: [...warnings, ...staleWarnings(sources, options.nowMs)] };
}

function* fuseAll(
  upper: readonly Layer[],
  middle: readonly (Layer | PackedLayer)[],
  lower: readonly Layer[],
  indexes: LayerIndexes,
): Generator<undefined, Layer> {
  const layers = [...upper];
  for (const layer of middle) layers.push("trie4" in layer ? yield* unpacked(layer) : layer);
  return yield* fuse([...layers, ...lower], indexes);
}

function* unpacked({ trie4, trie6, pairOf, covers4, covers6 }: PackedLayer): Generator<undefined, Layer> {
  const ranges4 = yield* ranges4OfTrie(trie4, pairOf);
  const ranges6 = yield* ranges6OfTrie(trie6, pairOf);
  return { ranges4, ranges6, covers4, covers6 };
}

function staleWarnings(sources: CompiledSources["sources"], nowMs = 0): string[] {
  return sources.flatMap(({ name, builtMs }) => {
    const days = Math.floor((nowMs - builtMs) / 86_400_000);
    return builtMs > 0 && days > STALE_AFTER_DAYS ? [`${name} was built ${days} days ago`] : [];
  });
}
