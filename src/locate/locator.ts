import { type AddressColumn, IPV4, IPV6 } from "../core/addressColumn.js";
import { allocateShared } from "../core/grown.js";
import { type Network, NetworkTable } from "../core/networks.js";
import { type LocatedPlace, PlaceTable } from "../core/places.js";
import { embeddedIpv4 } from "./address/embeddedIpv4.js";
import { parseAddress } from "./address/parseAddress.js";
import { AddressParser } from "./address/parseAddresses.js";
import { locateError } from "./errors.js";
import type { LocatorSources } from "./sources/compileSources.js";
import { watchFiles } from "./sources/watchFiles.js";
import { abandonMemory } from "./tables/abandonMemory.js";
import { type CompiledTable, networkOfPair, placeOfPair } from "./tables/compiledTable.js";
import { BLOCK_ROWS } from "./tables/ipv6Rows.js";
import { rowLookUp } from "./tables/kernelLookUp.js";
import { pairOfIpv6, type RowLookUp } from "./tables/scalarLookUp.js";
import { type LocatorShare, tablesOf } from "./tables/share.js";
import { findIpv4 } from "./tables/table4.js";

/** All that is known about an address. */
export interface Lookup {
  readonly place: LocatedPlace | null;
  readonly network: Network | null;
  /**
   * Why there is no place: `bad-address`, a special-purpose range's reason (`private`, `loopback`, `documentation` …),
   * `no-ipv4-database`, `no-ipv6-database` or `not-in-database`. Absent where there is a place.
   */
  readonly why?: string;
}

/** What a locator answers from, and what to say about it. */
export interface CompiledLocator {
  readonly table: CompiledTable;
  /** The table with the databases of IPv6 that were deferred; absent if none was. */
  readonly complete?: () => CompiledTable;
  readonly attributions: readonly string[];
  readonly warnings: readonly string[];
}

/** What a locator is made of; see `openLocator`. */
export interface LocatorParts extends CompiledLocator {
  readonly places: PlaceTable;
  readonly networks: NetworkTable;
  /** Compiles the sources anew, with changes; ids of known places and networks stay. Absent where sources are unknown. */
  readonly recompile?: (changes: ReloadOptions) => Promise<CompiledLocator>;
}

/** What changes with a reload: what is left out stays as it was when the locator was opened. */
export interface ReloadOptions extends Partial<LocatorSources> {
  /** Rejects the reload when it is aborted; the locator goes on with what it had. */
  readonly signal?: AbortSignal;
}

export interface WatchOptions {
  /** Milliseconds between looks at the files. Default: 1,000. */
  readonly intervalMs?: number;
  /** Called after each reload. */
  readonly onReload?: () => void;
  /** Called with the error of a reload that failed; the locator goes on with what it had. */
  readonly onError?: (error: Error) => void;
}

/** Place objects to keep, a power of two: most traffic comes from few places. Some 10 MB when all are there. */
const REMEMBERED = 1 << 16;

/**
 * Resolves addresses to places and networks. Open one with `openLocator`.
 *
 * Ids of places and networks hold for the locator's lifetime.
 *
 * @example
 * ```ts
 * const locator = await openLocator();
 * locator.locate("81.2.69.142"); // { country: "GB", region: "England", city: "London", lat, lon, accuracyKm, … } or null
 * const inWorker = Locator.fromShare(workerData); // what locator.share() gave, in the same memory
 * ```
 */
export class Locator {
  readonly places: PlaceTable;
  readonly networks: NetworkTable;
  #about: Pick<CompiledLocator, "attributions" | "warnings">;
  #table: CompiledTable;
  #rows: RowLookUp;
  #complete: CompiledLocator["complete"];
  readonly #recompile: LocatorParts["recompile"];
  /** Aborted when the locator is closed. */
  readonly #closing = new AbortController();
  /** The reload that runs or ran last; another waits for it, so that the one asked for last wins. */
  #reloading: Promise<void> = Promise.resolve();
  readonly #words = new Uint32Array(4);
  #parser: AddressParser | undefined;
  /** Places by the last bits of their id, and their ids: looking at the objects would fetch them from far memory. */
  readonly #remembered: (LocatedPlace | null)[] = new Array(REMEMBERED).fill(null);
  readonly #rememberedIds = new Uint32Array(REMEMBERED);

  constructor(parts: LocatorParts) {
    this.places = parts.places;
    this.networks = parts.networks;
    this.#about = aboutOf(parts);
    this.#table = parts.table;
    this.#rows = rowLookUp(parts.table);
    this.#complete = parts.complete;
    this.#recompile = parts.recompile;
  }

  /** What the databases' licences ask to be shown beside what is made of their data. */
  get attributions(): readonly string[] {
    return this.#about.attributions;
  }

  /** What is wrong with the sources without keeping them from being used: stale databases, lines that are no networks. */
  get warnings(): readonly string[] {
    return this.#about.warnings;
  }

  /** A locator in another thread, of what {@link share} gave; its tables are the same memory. */
  static fromShare(share: LocatorShare): Locator {
    const { table, attributions, warnings } = share;
    return new Locator({ ...tablesOf(share), table, attributions, warnings });
  }

  /** Finds ids in another thread as the locator does that gave {@link shareTable}; knows no place or network by them. */
  static fromTable(table: CompiledTable): Locator {
    return new Locator({
      places: new PlaceTable(),
      networks: new NetworkTable(),
      table,
      attributions: [],
      warnings: [],
    });
  }

  /** This locator as it is now, to be posted to worker threads and opened there with {@link fromShare}. */
  share(): LocatorShare {
    return {
      table: this.shareTable(),
      places: this.places.pack(allocateShared),
      networks: this.networks.pack(allocateShared),
      attributions: this.attributions,
      warnings: this.warnings,
    };
  }

  /** As much of {@link share} as finds the ids of columns: what they stand for is not copied. */
  shareTable(): CompiledTable {
    this.#takeIpv6();
    return this.#table;
  }

  /** {@link shareTable} without what is compiled only once an IPv6 address is met: whether something is, `lacksIpv6` tells. */
  tableSoFar(): { readonly table: CompiledTable; readonly lacksIpv6: boolean } {
    return { table: this.#table, lacksIpv6: this.#complete !== undefined };
  }

  /**
   * Reads the sources anew, or others, compiles them beside the running look-ups and swaps them in. Ids stay.
   *
   * Throws what `openLocator` throws, and `locator-closed`; the locator then goes on with what it had.
   */
  reload(changes: ReloadOptions = {}): Promise<void> {
    const turn = this.#reloading.catch(() => undefined).then(() => this.#reload(changes));
    this.#reloading = turn;
    return turn;
  }

  /**
   * Reloads whenever a file changes: a database or a list of this locator, or any other path that tells of a new one.
   * Bursts of changes cause one reload. Ends when the locator is closed, or with the returned function.
   */
  watch(paths: readonly string[], options: WatchOptions = {}): () => void {
    const changed = (): void => {
      this.reload().then(options.onReload, (error: Error) => options.onError?.(error));
    };
    const stop = watchFiles(paths, changed, options.intervalMs);
    this.#closing.signal.addEventListener("abort", stop, { once: true });
    return stop;
  }

  /** Ends watching, and reloads that run. Look-ups go on working. */
  async close(): Promise<void> {
    this.#closing.abort(locateError("locator-closed", {}));
    await this.#reloading.catch(() => undefined);
    abandonMemory(this.#table.memory);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The place of an address; null where it has none or is no address. Asking again may give the same object. */
  locate(ip: string): LocatedPlace | null {
    const pair = this.#pairOf(ip);
    if (pair < 0) return null;
    return this.#placeAt(placeOfPair(this.#table, pair));
  }

  /** The id of the place that {@link locate} tells, without the rest; 0 where there is none or the text is no address. */
  placeIdOf(ip: string): number {
    const pair = this.#pairOf(ip);
    return pair < 0 ? 0 : placeOfPair(this.#table, pair);
  }

  /** The place and the network of an address, and why there is no place where there is none. */
  lookup(ip: string): Lookup {
    const pair = this.#pairOf(ip);
    if (pair < 0) return { place: null, network: null, why: "bad-address" };
    const place = this.#placeAt(placeOfPair(this.#table, pair));
    const network = this.networks.at(networkOfPair(this.#table, pair));
    if (place !== null) return { place, network };
    if (network !== null && network.reserved !== "") return { place, network, why: network.reserved };
    const [w0, w1, w2, w3] = this.#words as unknown as [number, number, number, number];
    const isIpv4 = (w0 === 0 && w1 === 0 && w2 === 0xffff) || embeddedIpv4(w0, w1, w2, w3) >= 0;
    if (!(isIpv4 ? this.#table.covers4 : this.#table.covers6)) {
      return { place, network, why: isIpv4 ? "no-ipv4-database" : "no-ipv6-database" };
    }
    return { place, network, why: "not-in-database" };
  }

  /**
   * Writes the place id of each address, and its network id where asked; 0 where there is none or the text is no address.
   *
   * @param placeIds - length at least `addresses.length`
   * @param networkIds - length at least `addresses.length`
   */
  locateAll(addresses: readonly string[], placeIds: Uint32Array, networkIds?: Uint32Array): void {
    this.#parser ??= new AddressParser();
    // Parsing between look-ups would keep the processor from fetching for several addresses at once.
    this.#parser.texts(addresses, (block, from) => this.#locateBlock(block, from, placeIds, networkIds));
  }

  /**
   * Does what {@link locateAll} does for addresses that lie in one buffer, as Arrow keeps texts. Throws `bad-option`.
   *
   * @param offsets - where each address begins, and where the last one ends: one more than there are addresses; ascending,
   *   within the bytes
   * @param placeIds - length at least `offsets.length - 1`
   * @param networkIds - length at least `offsets.length - 1`
   */
  locateBytes(bytes: Uint8Array, offsets: Uint32Array, placeIds: Uint32Array, networkIds?: Uint32Array): void {
    this.#parser ??= new AddressParser();
    this.#parser.bytes(bytes, offsets, (block, from) => this.#locateBlock(block, from, placeIds, networkIds));
  }

  /**
   * Writes the place id and the network id of each row; 0 where there is none.
   *
   * @param placeIds - length at least `column.length`
   * @param networkIds - length at least `column.length`
   */
  locateColumn(column: AddressColumn, placeIds: Uint32Array, networkIds?: Uint32Array): void {
    if (this.#complete !== undefined && column.family.subarray(0, column.length).includes(IPV6)) this.#takeIpv6();
    for (let from = 0; from < column.length; from += BLOCK_ROWS) {
      this.#rows.find(column, from, Math.min(from + BLOCK_ROWS, column.length), placeIds, networkIds);
    }
  }

  #locateBlock(block: AddressColumn, from: number, placeIds: Uint32Array, networkIds: Uint32Array | undefined): void {
    const end = from + block.length;
    this.locateColumn(block, placeIds.subarray(from, end), networkIds?.subarray(from, end));
  }

  async #reload({ signal, ...changes }: ReloadOptions): Promise<void> {
    const closing = this.#closing.signal;
    closing.throwIfAborted();
    if (this.#recompile === undefined) throw locateError("no-sources", {});
    const either = signal === undefined ? closing : AbortSignal.any([closing, signal]);
    const compiled = await this.#recompile({ ...changes, signal: either });
    either.throwIfAborted();
    // One assignment each: no look-up ever sees half of the old and half of the new.
    this.#about = aboutOf(compiled);
    const before = this.#table.memory;
    this.#table = compiled.table;
    this.#rows = rowLookUp(compiled.table);
    this.#complete = compiled.complete;
    abandonMemory(before);
  }

  /** Compiles what was deferred, if anything was. */
  #takeIpv6(): void {
    if (this.#complete === undefined) return;
    this.#table = this.#complete();
    this.#rows = rowLookUp(this.#table);
    this.#complete = undefined;
  }

  /** The pair id of an address; -1 if it is none. */
  #pairOf(ip: string): number {
    const family = parseAddress(ip, this.#words);
    if (family === 0) return -1;
    if (family === IPV4) return findIpv4(this.#table.table4, this.#words[3]!);
    this.#takeIpv6();
    return pairOfIpv6(this.#table, this.#words);
  }

  /** The place of an id; the same object again for an id that was asked for lately. */
  #placeAt(id: number): LocatedPlace | null {
    if (id === 0) return null;
    const slot = id & (REMEMBERED - 1);
    if (this.#rememberedIds[slot] === id) return this.#remembered[slot]!;
    const place = this.places.located(id);
    this.#remembered[slot] = place;
    this.#rememberedIds[slot] = id;
    return place;
  }
}

/** What is to be told of the sources, without what holds on to them. */
const aboutOf = ({ attributions, warnings }: CompiledLocator): Pick<CompiledLocator, "attributions" | "warnings"> => ({
  attributions,
  warnings,
});
