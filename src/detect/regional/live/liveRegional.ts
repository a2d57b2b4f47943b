import { Cube } from "../../../cube/cube.js";
import { effectiveRequests } from "../../../cube/verbs/effectiveRequests.js";
import type { Finding } from "../../finding.js";
import { worldAlarms } from "../findOutages.js";
import { type RegionalSettings, SLICE_SHARE } from "../regionalOptions.js";
import { GrowingDiscs } from "../scan/growingDiscs.js";
import { NOT_WATCHED } from "../series/sliceSeries.js";
import type { DetectorState } from "./detectorState.js";
import { type FleetBucket, InstanceShares } from "./instanceShares.js";
import { type LiveWatches, liveFindings, watchesSignature } from "./liveFindings.js";
import { LiveSeries } from "./liveSeries.js";
import { LiveWorld } from "./liveWorld.js";
import { PlaceBook, type SiteBook } from "./siteBook.js";
import { SliceBook } from "./sliceBook.js";

/** Buckets that closed, for those who look back. */
export interface BucketHistory {
  /** Their traffic as one cube; the same object as long as no bucket was added. */
  readonly cube: Cube;
  /** The last ones, oldest first; null for one in which nothing came. */
  last(count: number): readonly (Cube | null)[];
}

/** How much of a bucket is known. */
export interface BucketCoverage {
  /** Whether some of what came may have been lost: then nothing is told by how much came. */
  readonly isPartial: boolean;
  /** Who counted it, where several do. */
  readonly fleet?: FleetBucket;
}

/** A bucket of which everything is known. */
export const WHOLE: BucketCoverage = { isPartial: false };

/** New sites are taken in before any of their buckets is learned from: within the half hour that the past lags behind. */
const LAG_MS = 30 * 60_000;
/** Sites × buckets that are held at once, some 70 bytes each. */
const MOST_CELLS = 1_500_000;
/** Buckets that are held at the least: what an incident's outline looks at, with what is drawn before it. */
const LEAST_MS = 20 * 3_600_000;
/** Sites beyond so many are put together by country. */
const MOST_SITES = 20_000;
/** The part of the buckets held that goes when there is no room for more. */
const DROPPED = 0.25;

/** What is saved of the regional detectors; null before their first bucket. */
export interface RegionalState {
  readonly started: number;
  readonly first: number;
  readonly capacity: number;
  readonly pendingSince: number;
  /** Of the places, then of each dimension's values. */
  readonly series: readonly {
    readonly book: unknown;
    readonly sites: number;
    readonly states: ReadonlyMap<string, DetectorState>;
  }[];
  readonly world: readonly DetectorState[];
}

/**
 * The regional detectors of `findOutages` and `findHotspots`, a bucket at a time: every bucket is judged when it closes by the
 * same rules, with what came before it. In bounded memory: what the past has taught is kept by site and hour of the week,
 * and buckets themselves for a day or so.
 */
export class LiveRegional {
  readonly #bucketMs: number;
  readonly #settings: RegionalSettings;
  readonly #history: BucketHistory;
  readonly #lag: number;
  #splits: readonly number[] = [];
  #started = Number.NaN;
  #first = 0;
  #pendingSince = -1;
  #capacity = 0;
  readonly #shares = new InstanceShares();
  #places: LiveSeries | undefined;
  #slices: LiveSeries[] = [];
  #world: LiveWorld | undefined;
  readonly #discs = new GrowingDiscs();
  #unweighted: { readonly of: Cube; readonly cube: Cube } | undefined;

  constructor(bucketMs: number, settings: RegionalSettings, history: BucketHistory) {
    this.#bucketMs = bucketMs;
    this.#settings = settings;
    this.#history = history;
    this.#lag = Math.max(1, Math.round(LAG_MS / bucketMs));
  }

  /** Judges one more bucket, in steps. It must be the last of the history already. @param number - counted from 1970 */
  *close(number: number, bucket: Cube | null, { isPartial, fleet }: BucketCoverage = WHOLE): Generator<void, void> {
    const cube = bucket === null ? null : unweighted(bucket);
    if (this.#places === undefined) {
      if (cube === null) return;
      yield* this.#begin(number, cube);
    }
    for (const { book } of this.#all) if (cube !== null) book.siteOf(cube);
    if (this.#places!.traffic.isFull) yield* this.#rebase(number - 1);
    this.#add(cube);
    yield;
    if (fleet !== undefined) this.#shares.learn(this.#all, fleet.parts);
    for (const [i, series] of this.#all.entries()) {
      const all = isPartial ? new Uint8Array(series.sites).fill(1) : undefined;
      yield* series.tick(all ?? this.#shares.unknown(i, series, fleet?.missing));
    }
    this.#world!.watch.tick(isPartial ? Uint8Array.of(1) : this.#shares.unknownWorld(fleet?.missing));
    yield;
  }

  /**
   * Takes in sites that have appeared, and makes room for further buckets where it is full, in steps: what can wait until a bucket
   * is told. @param number - of the bucket that was judged last
   */
  *settle(number: number): Generator<void, void> {
    if (this.#isRebaseDue(number)) yield* this.#rebase(number);
  }

  get #all(): readonly LiveSeries[] {
    return this.#places === undefined ? [] : [this.#places, ...this.#slices];
  }

  *#begin(number: number, cube: Cube): Generator<void, void> {
    this.#started = number;
    this.#first = number;
    this.#capacity = Math.ceil(LEAST_MS / this.#bucketMs);
    this.#splits = this.#splits.filter((d) => d < cube.dimensions.length);
    const places = new PlaceBook(this.#splits, MOST_SITES);
    const slices = this.#sliceDimensions(cube).map((d) => new SliceBook(d));
    for (const book of [places, ...slices]) book.siteOf(cube);
    yield* this.#make(places, slices, cube);
  }

  /** Dimensions that do not split places. */
  #sliceDimensions(cube: Pick<Cube, "dimensions">): number[] {
    return cube.dimensions.map((_, d) => d).filter((d) => !this.#splits.includes(d));
  }

  *#make(places: SiteBook, slices: readonly SiteBook[], cube: Cube): Generator<void, void> {
    const watched = cube.dimensions.filter(({ name, dictionary }, d) =>
      this.#isWatched(d, name, dictionary.size),
    ).length;
    const share = watched > 0 ? 1 - SLICE_SHARE : 1;
    const shape = {
      bucketMs: this.#bucketMs,
      firstBucket: this.#first,
      startedBucket: this.#started,
      capacity: this.#capacity,
    };
    const context = {
      settings: this.#settings,
      history: () => this.#unweightedHistory(),
      slices: this.#sliceDimensions(cube),
      discs: this.#discs,
    };
    this.#discs.of(places.sites(cube));
    yield;
    this.#places = new LiveSeries(places, cube, { ...shape, share }, context);
    yield;
    const each = { ...shape, share: SLICE_SHARE / Math.max(1, watched) };
    this.#slices = slices.map((book) => new LiveSeries(book, cube, each, context));
    this.#world = new LiveWorld(shape, this.#settings, worldAlarms(this.#settings, share));
    yield;
  }

  #isWatched(d: number, name: string, size: number): boolean {
    return !this.#splits.includes(d) && size > 2 && !NOT_WATCHED.has(name);
  }

  /** Whether there is no room for another bucket, or there are sites that must be taken in before the next is learned from. */
  #isRebaseDue(number: number): boolean {
    const isPending = this.#all.some((series) => series.book.length > series.sites);
    if (!isPending) this.#pendingSince = -1;
    else if (this.#pendingSince < 0) this.#pendingSince = number;
    if (this.#places?.traffic.isFull) return true;
    return isPending && number + 1 - this.#pendingSince >= this.#lag - 1;
  }

  /** Adds the newest bucket. */
  #add(cube: Cube | null): void {
    const [sums] = this.#all.map((series) => series.add(cube));
    this.#world!.traffic.addSums(sums!);
  }

  /** Goes on with more sites, more room, or without the oldest buckets; the newest ones are counted anew with the new sites. */
  *#rebase(number: number): Generator<void, void> {
    const before = this.#all;
    const states = before.map((series) => series.note());
    const worldStates = this.#world!.note();
    this.#makeRoom(before.reduce((most, series) => Math.max(most, series.book.length), 1));
    yield* this.#make(
      before[0]!.book,
      before.slice(1).map(({ book }) => book),
      this.#history.cube,
    );
    for (const [i, series] of this.#all.entries()) yield* series.put(states[i]!);
    this.#world!.put(worldStates);
    yield* this.#countAgain(number);
    this.#pendingSince = -1;
  }

  /** Counts the newest buckets, up to one, anew: with sites that were not known when they closed. */
  *#countAgain(number: number): Generator<void, void> {
    const again = Math.min(this.#lag, number - this.#first + 1);
    for (const series of [...this.#all, this.#world!]) series.traffic.truncate(number + 1 - again - this.#first);
    for (const bucket of this.#history.last(again)) {
      this.#add(bucket === null ? null : unweighted(bucket));
      yield;
    }
  }

  /** The state of all detectors; columns are their own, not copies. */
  save(): RegionalState | null {
    if (this.#places === undefined) return null;
    return {
      started: this.#started,
      first: this.#first,
      capacity: this.#capacity,
      pendingSince: this.#pendingSince,
      series: this.#all.map((series) => ({ book: series.book.save(), sites: series.sites, states: series.note() })),
      world: this.#world!.note(),
    };
  }

  /** Goes on where others have come to. @param cube - one with the tables that their sites are numbers of */
  restore(state: RegionalState, cube: Cube): void {
    [this.#started, this.#first] = [state.started, state.first];
    [this.#capacity, this.#pendingSince] = [state.capacity, state.pendingSince];
    const places = new PlaceBook(this.#splits, MOST_SITES);
    const slices = this.#sliceDimensions(cube).map((d) => new SliceBook(d));
    for (const [i, book] of [places, ...slices].entries()) book.restore(state.series[i]!.book);
    for (const _ of this.#make(places, slices, cube));
    for (const [i, series] of this.#all.entries()) for (const _ of series.put(state.series[i]!.states));
    this.#world!.put(state.world);
    const last = this.#first + this.#places!.traffic.bucketCount - 1;
    if (this.#all.some((series, i) => series.sites > state.series[i]!.sites)) for (const _ of this.#countAgain(last));
  }

  /** As many buckets as there is memory for; where there is none, the oldest ones go. */
  #makeRoom(sites: number): void {
    const { bucketCount } = this.#places!.traffic;
    const least = Math.ceil(LEAST_MS / this.#bucketMs);
    const most = Math.max(least, Math.floor(MOST_CELLS / sites));
    this.#capacity = Math.min(most, Math.max(least, 2 * bucketCount));
    if (bucketCount < this.#capacity) return;
    this.#first += bucketCount - Math.floor((1 - DROPPED) * this.#capacity);
  }

  #unweightedHistory(): Cube {
    const { cube } = this.#history;
    if (this.#unweighted?.of !== cube) this.#unweighted = { of: cube, cube: unweighted(cube) };
    return this.#unweighted.cube;
  }

  get #watches(): LiveWatches | undefined {
    const [places, world] = [this.#places, this.#world];
    return places === undefined || world === undefined ? undefined : { places, slices: this.#slices, world };
  }

  /** Tells one state of what is found from another: see {@link watchesSignature}. */
  get signature(): string {
    return this.#watches === undefined ? "" : watchesSignature(this.#watches, this.#first);
  }

  /** Whether anything is found that may still be told of. */
  get hasIncidents(): boolean {
    return this.#all.some((series) => series.hasIncidents) || (this.#world?.watch.incidents.length ?? 0) > 0;
  }

  /** When the buckets begin of which findings are known, epoch milliseconds. */
  get knownSinceMs(): number {
    return this.#first * this.#bucketMs;
  }

  /** What is found, as `findOutages` and `findHotspots` report it. */
  findings(): { readonly outages: Finding[]; readonly hotspots: Finding[] } {
    if (this.#watches === undefined || !this.hasIncidents) return { outages: [], hotspots: [] };
    return liveFindings(this.#watches);
  }
}

/** Evidence goes by what rows are worth, not by the requests that they stand for. */
function unweighted(cube: Cube): Cube {
  return cube.groups.squares ? new Cube(effectiveRequests(cube.parts)) : cube;
}
