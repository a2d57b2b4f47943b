import type { Cube } from "../../../cube/cube.js";
import { CHANNELS, type RegionalSettings } from "../regionalOptions.js";
import { ClientGuard } from "../scan/clientGuard.js";
import type { GrowingDiscs } from "../scan/growingDiscs.js";
import { SequentialScan } from "../scan/sequentialScan.js";
import { type Zones, zonesOf } from "../scan/zones.js";
import { ClientLedger } from "../series/clientLedger.js";
import { wholeCoverage } from "../series/cubeTraffic.js";
import { refusedTraffic } from "../series/refusals.js";
import { mergedIncidents, type RegionalSeries, type Watched } from "../series/regionalSeries.js";
import { sliceZones } from "../series/sliceSeries.js";
import type { Traffic } from "../series/trafficColumns.js";
import { ErrorSignal } from "../signals/errorSignal.js";
import { LatencySignal } from "../signals/latencySignal.js";
import type { Signal } from "../signals/signal.js";
import { TrafficSignal } from "../signals/trafficSignal.js";
import { type DetectorState, dropBuckets, noteState, putState, type StateShape } from "./detectorState.js";
import { LiveTraffic, type TrafficSums } from "./liveTraffic.js";
import type { SiteBook } from "./siteBook.js";
import type { SiteColumns } from "./siteColumns.js";
import type { Stateful } from "./stateVisitor.js";

/** What is common to all series of a monitor. */
export interface LiveContext {
  readonly settings: RegionalSettings;
  /** A cube with the tables of all. */
  readonly tables: Cube;
  /** The traffic that is remembered, for who is behind it. */
  readonly history: () => Cube;
  /** Dimensions that split no places. */
  readonly slices: readonly number[];
  /** Circles around places. */
  readonly discs: GrowingDiscs;
}

/** Where a series begins and how far it reaches. */
export interface SeriesShape {
  readonly bucketMs: number;
  /** Number of the first bucket that is there, and of the first there ever was, counted from 1970. */
  readonly firstBucket: number;
  readonly startedBucket: number;
  readonly capacity: number;
}

/** A series begins where its past does, and has room for so many sites, of which some are known. */
export interface SeriesRoom {
  readonly room: number;
  readonly known: number;
}

/** A signal and its watch. */
interface Watch<C extends Signal> {
  readonly signal: C;
  readonly watch: SequentialScan;
}

/** Places, or values of a dimension, watched bucket by bucket as they close. */
export class LiveSeries {
  readonly book: SiteBook;
  readonly sites: SiteColumns;
  readonly traffic: LiveTraffic;
  readonly errors: Watch<ErrorSignal>;
  readonly drops: Watch<TrafficSignal>;
  /** Undefined for values of dimensions, of which refusals are not told. */
  readonly refusals: Watch<ErrorSignal> | undefined;
  readonly latency: Watch<LatencySignal>;
  /** The traffic with what was turned away in the place of what failed. */
  readonly refusing: Traffic;
  readonly #context: LiveContext;
  #firstBucket: number;
  #zones: Zones;
  #ledger: { readonly of: Cube; readonly ledger: ClientLedger; readonly siteOf: Uint32Array } | undefined;

  constructor(book: SiteBook, { room, known }: SeriesRoom, shape: SeriesShape, context: LiveContext) {
    const sites = book.columns(context.tables, room);
    book.fill(sites, context.tables, known);
    const { bucketMs, firstBucket, startedBucket, capacity } = shape;
    this.book = book;
    this.sites = sites;
    this.#firstBucket = firstBucket;
    this.#context = context;
    const [originMs, startedMs] = [firstBucket * bucketMs, startedBucket * bucketMs];
    this.traffic = new LiveTraffic({ sites, bucketMs, originMs, startedMs, capacity });
    this.#zones = this.#zonesNow();
    const { guards } = context.settings;
    this.errors = this.#watch(new ErrorSignal(this.traffic), this.traffic, false);
    this.drops = this.#watch(new TrafficSignal(this.traffic, guards), this.traffic, false);
    this.refusing = refusedTraffic(this.traffic);
    const refused = this.refusing;
    if (!book.sliced) this.refusals = this.#watch(new ErrorSignal(refused), refused, true);
    this.latency = this.#watch(new LatencySignal(this.traffic), this.traffic, false);
  }

  #zonesNow(): Zones {
    return this.book.sliced ? sliceZones(this.sites) : zonesOf(this.sites, this.#context.discs.of(this.sites));
  }

  /** Sets the share of the promised rate that these sites have. */
  set share(share: number) {
    const alarmsPerWeek = (share * this.#context.settings.falseAlarmsPerWeek) / CHANNELS;
    const { errors, drops, refusals, latency } = this;
    for (const { watch } of [drops, latency]) watch.alarmsPerWeek = alarmsPerWeek;
    for (const { watch } of refusals === undefined ? [errors] : [errors, refusals])
      watch.alarmsPerWeek = refusals === undefined ? alarmsPerWeek : alarmsPerWeek / 2;
  }

  /** Takes over how often each watch of another series may alarm. */
  alarmsLike(other: LiveSeries): void {
    const theirs = other.watches;
    for (const [i, { watch }] of this.watches.entries()) watch.alarmsPerWeek = theirs[i]!.watch.alarmsPerWeek;
  }

  /** Whether sites are waiting to be taken in. */
  get isPending(): boolean {
    return this.book.length > this.sites.known;
  }

  /** Takes in sites that have appeared, a detector a step. */
  *admit(): Generator<void, void> {
    const from = this.sites.known;
    this.book.fill(this.sites, this.#context.tables, Math.min(this.book.length, this.sites.length));
    this.#zones = this.#zonesNow();
    yield;
    for (const { watch } of this.watches) {
      watch.admit(from, this.#zones);
      yield;
    }
  }

  #watch<C extends Signal>(signal: C, traffic: Traffic, refusals: boolean): Watch<C> {
    const { settings } = this.#context;
    const judge: ClientGuard["judge"] = (kind, sites, from, to) =>
      new ClientGuard(this.#ledgerNow().ledger, traffic.bucketMs, settings, refusals).judge(kind, sites, from, to);
    const options = {
      alarmsPerWeek: settings.falseAlarmsPerWeek / CHANNELS,
      guards: settings.guards,
      ...(this.#context.tables.settings.measures.has("clients") && { guard: { judge } }),
    };
    return { signal, watch: new SequentialScan(signal, traffic, this.#zones, options) };
  }

  get watches(): readonly Watch<Signal>[] {
    const { errors, drops, refusals, latency } = this;
    return refusals === undefined ? [errors, drops, latency] : [errors, drops, refusals, latency];
  }

  /** Adds the newest bucket, and returns the sums of all sites; null where nothing came. */
  add(bucket: Cube | null): TrafficSums | null {
    const t = this.traffic.addBucket();
    // A dimension of which no value was met yet tells nothing.
    if (bucket === null || (this.book.sliced && this.book.length === 1)) return null;
    return this.traffic.put(t, bucket, this.book.siteOf(bucket));
  }

  /** Judges the newest bucket, a signal a step. @param unknown - 1 for each site of which a part is missing */
  *tick(unknown?: Uint8Array): Generator<void, void> {
    for (const { watch } of this.watches) {
      // Shares of what came are known from what came; amounts are not.
      watch.tick(watch === this.drops.watch ? unknown : undefined);
      yield;
    }
  }

  /** Whether anything is found that may still be told of. */
  get hasIncidents(): boolean {
    return this.watches.some(({ watch }) => watch.incidents.length > 0);
  }

  /** The series as detectors report from it. */
  get series(): RegionalSeries {
    const { ledger, of, siteOf } = this.#ledgerNow();
    const { book, traffic } = this;
    const { slices } = this.#context;
    const sites = {
      sites: traffic.sites,
      siteOf,
      placesOf: (site: number) => book.placesOf(site),
      slices: book.sliced ? slices.filter((d) => of.dimensions[d]!.name !== traffic.sites.splits[0]!.name) : slices,
      sliced: book.sliced,
    };
    const { holidays } = this.#context.settings;
    const all = { cube: of, sites, traffic, coverage: wholeCoverage(of), zones: this.#zones, ledger };
    return book.sliced ? all : { ...all, holidays };
  }

  /** A watch with what is one incident put together. */
  watched<C extends Signal>({ signal, watch }: Watch<C>, series: RegionalSeries): Watched<C> {
    return { signal, watch, incidents: mergedIncidents(series, watch.incidents) };
  }

  #ledgerNow(): { readonly of: Cube; readonly ledger: ClientLedger; readonly siteOf: Uint32Array } {
    const of = this.#context.history();
    if (this.#ledger?.of === of) return this.#ledger;
    const siteOf = this.book.siteOf(of);
    const { originMs, bucketMs, bucketCount } = this.traffic;
    const lead = Math.round((of.originMs - originMs) / bucketMs);
    this.#ledger = { of, siteOf, ledger: new ClientLedger(of, { siteOf }, bucketCount, lead) };
    return this.#ledger;
  }

  get #shape(): StateShape {
    const { traffic, sites } = this;
    return { sites: sites.length, bucketCount: traffic.bucketCount, firstBucket: this.#firstBucket };
  }

  /** Lets go of the oldest buckets, a detector a step. */
  *drop(count: number): Generator<void, void> {
    const shape = this.#shape;
    this.#firstBucket += count;
    this.traffic.originMs += count * this.traffic.bucketMs;
    this.#ledger = undefined;
    const parts: readonly Stateful[] = [this.traffic, ...this.watches.map(({ watch }) => watch)];
    for (const part of parts) {
      dropBuckets(part, shape, count);
      yield;
    }
  }

  /** The state of all that is watched, by name. */
  note(): Map<string, DetectorState> {
    const shape = this.#shape;
    const states = new Map([["traffic", noteState(this.traffic, shape)]]);
    for (const [i, { watch }] of this.watches.entries()) states.set(`watch${i}`, noteState(watch, shape));
    return states;
  }

  /** Goes on where another series, of no more sites and no later beginning, has come to; a detector a step. */
  *put(states: ReadonlyMap<string, DetectorState>): Generator<void, void> {
    const shape = { ...this.#shape, bucketCount: 0 };
    const of = (name: string): DetectorState => states.get(name)!;
    putState(this.traffic, shape, of("traffic"));
    yield;
    for (const [i, { watch }] of this.watches.entries()) {
      putState(watch, shape, of(`watch${i}`));
      yield;
    }
  }
}
