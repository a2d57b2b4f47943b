import type { Cube } from "../../../cube/cube.js";
import type { Finding } from "../../finding.js";
import { worldAlarms } from "../findOutages.js";
import { type RegionalSettings, SLICE_SHARE } from "../regionalOptions.js";
import { GrowingDiscs } from "../scan/growingDiscs.js";
import { NOT_WATCHED } from "../series/sliceSeries.js";
import { type BucketCoverage, type BucketHistory, EvidenceHistory, evidenceOf, WHOLE } from "./bucketHistory.js";
import { InstanceShares } from "./instanceShares.js";
import { type LiveWatches, liveFindings, watchesSignature } from "./liveFindings.js";
import { type LiveContext, LiveSeries, type SeriesRoom, type SeriesShape } from "./liveSeries.js";
import { LiveWorld } from "./liveWorld.js";
import type { RegionalState } from "./regionalState.js";
import { PlaceBook, type SiteBook } from "./siteBook.js";
import { SliceBook } from "./sliceBook.js";

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
/** Room for more sites than there are: at the beginning, when most of them have not been met yet, and later. */
const ROOM_AT_FIRST = 1.6;
const ROOM_LATER = 1.25;

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
  readonly #mostCells: number;
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
  readonly #evidence: EvidenceHistory;

  /** @param mostCells - sites × buckets that are held at once, some 70 bytes each */
  constructor(bucketMs: number, settings: RegionalSettings, history: BucketHistory, mostCells = MOST_CELLS) {
    this.#mostCells = mostCells;
    this.#bucketMs = bucketMs;
    this.#settings = settings;
    this.#history = history;
    this.#evidence = new EvidenceHistory(history);
    this.#lag = Math.max(1, Math.round(LAG_MS / bucketMs));
  }

  /** Judges one more bucket, in steps. It must be the last of the history already. @param number - counted from 1970 */
  *close(number: number, bucket: Cube | null, { isPartial, fleet }: BucketCoverage = WHOLE): Generator<void, void> {
    const cube = bucket === null ? null : evidenceOf(bucket);
    if (this.#places === undefined) {
      if (cube === null) return;
      yield* this.#begin(number, cube);
    }
    if (cube !== null) for (const { book } of this.#all) book.siteOf(cube);
    yield;
    if (this.#places!.traffic.isFull) yield* this.#makeRoom();
    yield* this.#makeRoomForSites();
    this.#add(cube);
    yield;
    if (fleet !== undefined) this.#shares.learn(this.#all, fleet.parts);
    for (const [i, series] of this.#all.entries()) {
      const all = isPartial ? new Uint8Array(series.sites.length).fill(1) : undefined;
      yield* series.tick(all ?? this.#shares.unknown(i, series, fleet?.missing));
    }
    this.#world!.watch.tick(isPartial ? Uint8Array.of(1) : this.#shares.unknownWorld(fleet?.missing));
    yield;
  }

  /**
   * Takes in sites that have appeared, and lets go of the oldest buckets where there is no room for another, in steps: what can
   * wait until a bucket is told. @param number - of the bucket that was judged last
   */
  *settle(number: number): Generator<void, void> {
    if (this.#isAdmissionDue(number)) yield* this.#admit();
    if (this.#places?.traffic.isFull) yield* this.#makeRoom();
  }

  get #all(): readonly LiveSeries[] {
    return this.#places === undefined ? [] : [this.#places, ...this.#slices];
  }

  *#begin(number: number, cube: Cube): Generator<void, void> {
    this.#started = number;
    this.#first = number;
    this.#capacity = Math.ceil(LEAST_MS / this.#bucketMs);
    const { tables } = this.#history;
    this.#splits = this.#splits.filter((d) => d < tables.dimensions.length);
    const books = [
      new PlaceBook(this.#splits, MOST_SITES),
      ...this.#sliceDimensions(tables).map((d) => new SliceBook(d)),
    ];
    for (const book of books) book.siteOf(cube);
    yield* this.#make(books.map((book) => ({ book, room: roomFor(book, ROOM_AT_FIRST), known: book.length })));
  }

  /** Dimensions that do not split places. */
  #sliceDimensions(cube: Pick<Cube, "dimensions">): number[] {
    return cube.dimensions.map((_, d) => d).filter((d) => !this.#splits.includes(d));
  }

  /** Makes all series: that of places, then those of the values of each dimension. */
  *#make(all: readonly (SeriesRoom & { readonly book: SiteBook })[]): Generator<void, void> {
    const series: LiveSeries[] = [];
    for (const { book, ...room } of all) {
      series.push(new LiveSeries(book, room, this.#shape, this.#context));
      yield;
    }
    [this.#places, ...this.#slices] = series as [LiveSeries, ...LiveSeries[]];
    this.#world = new LiveWorld(this.#shape, this.#settings, worldAlarms(this.#settings, 1));
    this.#shareRate();
    yield;
  }

  get #shape(): SeriesShape {
    return {
      bucketMs: this.#bucketMs,
      firstBucket: this.#first,
      startedBucket: this.#started,
      capacity: this.#capacity,
    };
  }

  get #context(): LiveContext {
    const { tables } = this.#history;
    return {
      settings: this.#settings,
      tables,
      history: () => this.#evidence.cube,
      slices: this.#sliceDimensions(tables),
      discs: this.#discs,
    };
  }

  /** Shares the promised rate of alarms out among places and those dimensions that have values to tell apart. */
  #shareRate(): void {
    const { dimensions } = this.#history.tables;
    const watched = dimensions.filter(({ name, dictionary }, d) => this.#isWatched(d, name, dictionary.size)).length;
    const share = watched > 0 ? 1 - SLICE_SHARE : 1;
    this.#places!.share = share;
    for (const slice of this.#slices) slice.share = SLICE_SHARE / Math.max(1, watched);
    this.#world!.watch.alarmsPerWeek = worldAlarms(this.#settings, share);
  }

  #isWatched(d: number, name: string, size: number): boolean {
    return !this.#splits.includes(d) && size > 2 && !NOT_WATCHED.has(name);
  }

  /** Whether there are sites that must be taken in before the next bucket is learned from. */
  #isAdmissionDue(number: number): boolean {
    const isPending = this.#all.some((series) => series.isPending);
    if (!isPending) this.#pendingSince = -1;
    else if (this.#pendingSince < 0) this.#pendingSince = number;
    return isPending && number + 1 - this.#pendingSince >= this.#lag - 1;
  }

  *#admit(): Generator<void, void> {
    for (const series of this.#all) if (series.isPending) yield* series.admit();
    this.#shareRate();
    this.#pendingSince = -1;
  }

  /** Adds the newest bucket. */
  #add(cube: Cube | null): void {
    const [sums] = this.#all.map((series) => series.add(cube));
    this.#world!.traffic.addSums(sums!);
  }

  /** Makes series anew that have no room for all of their sites. */
  *#makeRoomForSites(): Generator<void, void> {
    for (const [i, series] of this.#all.entries()) {
      if (series.book.length <= series.sites.length) continue;
      const grown = yield* this.#remade(series, roomFor(series.book, ROOM_LATER));
      if (i === 0) this.#places = grown;
      else this.#slices[i - 1] = grown;
    }
  }

  /** The same series with room for so many sites, and as many buckets as there are to be. */
  *#remade(series: LiveSeries, room: number): Generator<void, LiveSeries> {
    const states = series.note();
    const made = new LiveSeries(series.book, { room, known: series.sites.known }, this.#shape, this.#context);
    yield;
    yield* made.put(states);
    made.alarmsLike(series);
    return made;
  }

  /** As many buckets as there is memory for; where there is none, the oldest ones go. */
  *#makeRoom(): Generator<void, void> {
    const { bucketCount } = this.#places!.traffic;
    const sites = this.#all.reduce((most, series) => Math.max(most, series.sites.length), 1);
    const least = Math.ceil(LEAST_MS / this.#bucketMs);
    const capacity = Math.min(Math.max(least, Math.floor(this.#mostCells / sites)), 2 * bucketCount);
    if (capacity > bucketCount) yield* this.#widen(capacity);
    else yield* this.#dropOldest(bucketCount - Math.floor((1 - DROPPED) * this.#capacity));
  }

  *#widen(capacity: number): Generator<void, void> {
    this.#capacity = capacity;
    const all: LiveSeries[] = [];
    for (const series of this.#all) all.push(yield* this.#remade(series, series.sites.length));
    [this.#places, ...this.#slices] = all as [LiveSeries, ...LiveSeries[]];
    const { watch } = this.#world!;
    const states = this.#world!.note();
    this.#world = new LiveWorld(this.#shape, this.#settings, watch.alarmsPerWeek);
    this.#world.put(states);
  }

  *#dropOldest(count: number): Generator<void, void> {
    this.#first += count;
    for (const series of this.#all) yield* series.drop(count);
    this.#world!.drop(count);
    yield;
  }

  /** The state of all detectors; columns are their own, not copies. */
  save(): RegionalState | null {
    if (this.#places === undefined) return null;
    return {
      started: this.#started,
      first: this.#first,
      capacity: this.#capacity,
      pendingSince: this.#pendingSince,
      series: this.#all.map((series) => ({
        book: series.book.save(),
        sites: series.sites.length,
        known: series.sites.known,
        states: series.note(),
      })),
      world: this.#world!.note(),
    };
  }

  /** Goes on where others have come to; the history has the tables that their sites are numbers of. */
  restore(state: RegionalState): void {
    [this.#started, this.#first] = [state.started, state.first];
    [this.#capacity, this.#pendingSince] = [state.capacity, state.pendingSince];
    const { tables } = this.#history;
    const books = [
      new PlaceBook(this.#splits, MOST_SITES),
      ...this.#sliceDimensions(tables).map((d) => new SliceBook(d)),
    ];
    const all = books.map((book, i) => {
      const { sites, known = sites } = state.series[i]!;
      book.restore(state.series[i]!.book);
      return { book, room: Math.max(sites, book.length), known };
    });
    for (const _ of this.#make(all));
    for (const [i, series] of this.#all.entries()) for (const _ of series.put(state.series[i]!.states));
    this.#world!.put(state.world);
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

/** Room for the sites of a book, and some more. */
function roomFor(book: SiteBook, share: number): number {
  return Math.min(book.most, 8 + 4 * Math.ceil((share * book.length) / 4));
}
