import type { Shapes } from "../../core/options/shape.js";
import { epochMs, flag, list, nested, text } from "../../core/options/shapes.js";
import { uniformRanges4 } from "../ranges/ranges4.js";
import { rangesOfRuns } from "../tables/packedRuns.js";
import { ranges6OfTrie } from "../tables/trieRanges.js";
import { takeLocations } from "../text/takeLocations.js";
import { type DatabaseLayer, databaseLayer } from "./databaseLayer.js";
import type { Layer, LayerIndexes, PackedLayer } from "./layer.js";
import { mergeLayers } from "./mergeLayers.js";
import { type NetworkList, networkListLayer } from "./networkList.js";
import { runInSteps } from "./runInSteps.js";
import { specialLayer, USER_NETWORK, type UserNetwork, userLayer } from "./userNetworks.js";

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
  /**
   * Compile .mmdb files that have nothing but IPv6 networks when the first IPv6 address is asked for, which then waits
   * for seconds, and fails with `corrupt-database` if such a file is damaged within. For programs that end soon, not
   * for services. Default: false.
   */
  readonly deferIpv6?: boolean;
}

/** What each option takes. */
export const LOCATOR_SOURCES: Shapes<LocatorSources> = {
  databases: list(text, "paths"),
  networks: list(nested(USER_NETWORK), "networks: { cidr, name, country, lat, lon }"),
  lists: list(nested<NetworkList>({ path: text, tags: list(text, "tags") }), "lists: { path, tags }"),
  nowMs: epochMs,
  deferIpv6: flag,
};

/** All sources as one layer, and what to say about them. */
export interface CompiledSources {
  /** Packed if it is a saved table and nothing else. */
  readonly layer: Layer | PackedLayer;
  /** The IPv6 half of the layer with the databases that were deferred; absent if none was. */
  readonly later?: () => Generator<undefined, Layer>;
  /** Paths of the databases that were deferred. */
  readonly deferred: readonly string[];
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
  const { paths, locations } = await takeLocations(options.databases, signal);
  const databases: DatabaseLayer[] = [];
  // Databases first: a saved table is taken over as it is if nothing has an id yet.
  for (const path of paths) {
    databases.push(await databaseLayer(path, indexes, { deferIpv6: options.deferIpv6, locations, signal }));
  }
  const upper: Layer[] = [];
  const warnings = databases.flatMap((database) => database.warnings ?? []);
  if (options.networks !== undefined && options.networks.length > 0) upper.push(userLayer(options.networks, indexes));
  for (const list of options.lists ?? []) {
    const { layer, rejected } = await networkListLayer(list, indexes, signal);
    upper.push(layer);
    if (rejected > 0) warnings.push(`${list.path}: ${rejected} lines are no networks`);
  }
  const ready = databases.filter(({ later }) => later === undefined);
  const special = specialLayer(indexes);
  const lower = (of: readonly DatabaseLayer[]) => (of.length > 0 && of.every((d) => d.isComplete) ? [] : [special]);
  const middle = ready.map(({ layer }) => layer);
  const isAlone = middle.length === 1 && upper.length === 0 && lower(ready).length === 0;
  const layer = isAlone ? middle[0]! : await runInSteps(fuseAll(upper, middle, lower(ready), indexes), signal);
  const sources = databases.flatMap((database) => database.sources);
  const attributions = [...new Set(databases.flatMap((database) => database.attributions))];
  const later = ready.length < databases.length ? laterLayer(upper, databases, lower(databases), indexes) : {};
  return {
    ...later,
    layer,
    deferred: databases.flatMap((d) => (d.later === undefined ? [] : d.sources.map(({ name }) => name))),
    attributions,
    sources,
    warnings: [...warnings, ...staleWarnings(sources, options.nowMs)],
  };
}

function* fuseAll(
  upper: readonly Layer[],
  middle: readonly (Layer | PackedLayer)[],
  lower: readonly Layer[],
  indexes: LayerIndexes,
): Generator<undefined, Layer> {
  return yield* mergeLayers([...upper, ...(yield* unpackAll(middle)), ...lower], indexes);
}

/** What is left to do for IPv6 addresses; nothing of it holds on to the ranges of IPv4. */
function laterLayer(
  upper: readonly Layer[],
  databases: readonly DatabaseLayer[],
  lower: readonly Layer[],
  indexes: LayerIndexes,
): Pick<CompiledSources, "later"> {
  const half = <T extends Layer | PackedLayer>(layer: T): T =>
    "runs4" in layer ? layer : { ...layer, ranges4: uniformRanges4(0) };
  const [above, below] = [upper.map(half), lower.map(half)];
  const between = databases.map(({ layer, later }) => later ?? half(layer));
  return {
    *later() {
      const layers = [];
      for (const layer of between) layers.push(typeof layer === "function" ? half(yield* layer()) : layer);
      return yield* mergeLayers([...above, ...(yield* unpackAll(layers)), ...below], indexes);
    },
  };
}

function* unpackAll(layers: readonly (Layer | PackedLayer)[]): Generator<undefined, Layer[]> {
  const unpacked: Layer[] = [];
  for (const layer of layers) {
    if (!("runs4" in layer)) unpacked.push(layer);
    else {
      const { runs4, trie6, pairOf, covers4, covers6 } = layer;
      const ranges4 = yield* rangesOfRuns(runs4, pairOf);
      unpacked.push({ ranges4, ranges6: yield* ranges6OfTrie(trie6, pairOf), covers4, covers6 });
    }
  }
  return unpacked;
}

/** One sentence for all databases that are old, with what to do. */
function staleWarnings(sources: CompiledSources["sources"], nowMs = 0): string[] {
  const daysOf = (builtMs: number): number => Math.floor((nowMs - builtMs) / 86_400_000);
  const stale = sources.filter(({ builtMs }) => builtMs > 0 && daysOf(builtMs) > STALE_AFTER_DAYS);
  if (stale.length === 0) return [];
  const names = stale.map(({ name }) => name.replace(/^.*[/\\]/, ""));
  const days = Math.max(...stale.map(({ builtMs }) => daysOf(builtMs)));
  const [, npm] = /node_modules[/\\](@ip-location-db[/\\][^/\\]+)/.exec(stale[0]!.name) ?? [];
  return [
    `${names.join(" and ")} ${names.length === 1 ? "was" : "were"} built ${days} days ago; ` +
      `a newer release places addresses better${npm ? ` (npm install ${npm.replace("\\", "/")}@latest)` : ""}`,
  ];
}
