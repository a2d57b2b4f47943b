import { checkArgument, checkOptions } from "../core/options/checkOptions.js";
import type { Shapes } from "../core/options/shape.js";
import { abortSignal, callback, text } from "../core/options/shapes.js";
import { type CompiledLocator, Locator } from "./locator.js";
import { LocationRecordTable } from "./places/locationRecordTable.js";
import { NetworkIndex } from "./places/networkIndex.js";
import { PlaceIndex } from "./places/placeIndex.js";
import { packedLayer, STORING, savedOf } from "./saved/savedLayer.js";
import { writeTableFile } from "./saved/tableFile.js";
import {
  type CompiledSources,
  compileSources,
  LOCATOR_SOURCES,
  type LocatorSources,
} from "./sources/compileSources.js";
import { findDatabases } from "./sources/findDatabases.js";
import type { Layer, LayerIndexes, PackedLayer } from "./sources/layer.js";
import { runAtOnce, runInSteps } from "./sources/runInSteps.js";
import { abandonMemory } from "./tables/abandonMemory.js";
import { type CompiledTable, compileTable, withIpv6 } from "./tables/compiledTable.js";
import { trieOf6 } from "./tables/packedTrie.js";
import { INDEX4_BYTES } from "./tables/table4.js";
import { TableMemory } from "./tables/tableMemory.js";

/** Where a locator's places and networks come from. */
export interface LocatorOptions extends Partial<LocatorSources> {
  /** Rejects the opening when it is aborted. */
  readonly signal?: AbortSignal;
  /**
   * Called with what was compiled when the locator is first opened, and again when what was deferred is, so that it may be
   * kept as a table; not where networks or lists lie over the databases, which are none of a table that others share.
   */
  readonly onCompiled?: (compiled: CompiledDatabases) => void;
}

/** What each option takes. */
export const LOCATOR_OPTIONS: Shapes<LocatorOptions> = {
  ...LOCATOR_SOURCES,
  signal: abortSignal,
  onCompiled: callback,
};

/** Databases as they were compiled. */
export interface CompiledDatabases {
  /** Paths of those that were not, as `deferIpv6` asks. */
  readonly deferred: readonly string[];
  /** How long compiling took. */
  readonly compileMs: number;
  /** Writes all others to a file that {@link openLocator} opens in their place. Throws `unwritable-table`. */
  save(path: string): Promise<void>;
}

/**
 * Opens databases (default: those that {@link findDatabases} finds) and compiles them to one table, in steps of some
 * milliseconds between which the event loop turns.
 *
 * Throws `unknown-option`, `wrong-option`, `no-database`, `unreadable-database`, `unsupported-database`, `corrupt-database`, `bad-network`, `bad-option`
 * and `too-many-tags`.
 *
 * @example
 * ```ts
 * const locator = await openLocator(); // what is installed, or $GEOPIVOT_DB
 * const office = { cidr: "10.8.0.0/16", name: "Berlin office", country: "DE", lat: 52.52, lon: 13.405 };
 * const own = await openLocator({ databases: ["city.mmdb", "asn.mmdb"], networks: [office] });
 * ```
 */
export async function openLocator(options: LocatorOptions = {}): Promise<Locator> {
  checkOptions("openLocator", options, LOCATOR_OPTIONS);
  const databases = options.databases ?? findDatabases();
  const places = new PlaceIndex();
  const networks = new NetworkIndex();
  const compile = async ({ signal, onCompiled, ...sources }: LocatorOptions): Promise<CompiledLocator> => {
    const indexes: LayerIndexes = { places, networks, pairs: new LocationRecordTable() };
    const memory = TableMemory.create();
    const startMs = performance.now();
    const compiled = await compileTo(memory, { databases, ...sources }, indexes, signal);
    const { later, attributions, warnings, table } = compiled;
    const isShared = [...(sources.networks ?? []), ...(sources.lists ?? [])].length === 0;
    const tell = (compileMs: number, deferred: readonly string[], save: CompiledDatabases["save"]): void => {
      if (isShared) onCompiled?.({ deferred, compileMs, save });
    };
    // A saved table is one already.
    if (!("runs4" in compiled.layer))
      tell(performance.now() - startMs, compiled.deferred, (path) => saveCompiled(path, compiled, indexes));
    if (later === undefined) return { table, attributions, warnings };
    const complete = (): CompiledTable => {
      const sinceMs = performance.now();
      const layer6 = runAtOnce(later());
      const whole = runAtOnce(withIpv6(table, layer6, indexes.pairs));
      tell(performance.now() - sinceMs, [], async (path) => {
        const layer = await runInSteps(layerWithIpv6(compiled.layer, layer6));
        await saveCompiled(path, { ...compiled, layer, deferred: [] }, indexes);
      });
      return whole;
    };
    return { table, complete, attributions, warnings };
  };
  const first = await compile(options);
  places.keep();
  networks.keep();
  const { signal, onCompiled, ...sources } = options;
  const recompile = (changed: LocatorOptions): Promise<CompiledLocator> => compile({ ...sources, ...changed });
  return new Locator({ places: places.places, networks: networks.networks, ...first, recompile });
}

/** A layer with the IPv6 ranges of another. */
function* layerWithIpv6(
  layer: Layer | PackedLayer,
  { ranges6, covers6 }: Layer,
): Generator<undefined, Layer | PackedLayer> {
  return "runs4" in layer ? { ...layer, trie6: yield* trieOf6(ranges6), covers6 } : { ...layer, ranges6, covers6 };
}

/** Compiles sources and their table, whose memory is let go where that fails. */
async function compileTo(
  memory: TableMemory,
  sources: LocatorSources,
  indexes: LayerIndexes,
  signal: AbortSignal | undefined,
): Promise<CompiledSources & { readonly table: CompiledTable }> {
  // Waited for in any case: what is still being prepared cannot be let go.
  const preparing = memory.prepare(INDEX4_BYTES, signal).catch(() => undefined);
  try {
    const compiled = await compileSources(sources, indexes, signal);
    await preparing;
    signal?.throwIfAborted();
    return { ...compiled, table: await runInSteps(compileTable(compiled.layer, indexes.pairs, memory), signal) };
  } catch (error) {
    await preparing;
    abandonMemory(memory.wasm);
    throw error;
  }
}

/**
 * Compiles databases to a file that {@link openLocator} opens in a fraction of the time. It replaces an older file in
 * one step. Throws what `openLocator` throws, and `unwritable-table`.
 *
 * @example
 * ```ts
 * await saveTable("locations.table", { databases: ["city-ipv4.mmdb", "city-ipv6.mmdb"] });
 * const locator = await openLocator({ databases: ["locations.table"] });
 * ```
 */
export async function saveTable(path: string, options: LocatorOptions = {}): Promise<void> {
  checkArgument("saveTable", "the path", path, text);
  checkOptions("saveTable", options, LOCATOR_OPTIONS);
  const { signal } = options;
  const indexes = { places: new PlaceIndex(), networks: new NetworkIndex(), pairs: new LocationRecordTable() };
  const databases = options.databases ?? findDatabases();
  const whole = { ...options, databases, deferIpv6: false };
  await saveCompiled(path, await compileSources(whole, indexes, signal), indexes, signal);
}

async function saveCompiled(
  path: string,
  { layer, attributions, sources, deferred }: CompiledSources,
  indexes: LayerIndexes,
  signal?: AbortSignal,
): Promise<void> {
  const packed = await runInSteps(packedLayer(layer), signal);
  const about = { attributions, sources: sources.filter(({ name }) => !deferred.includes(name)) };
  await writeTableFile(path, savedOf(packed, indexes, about), STORING);
}
