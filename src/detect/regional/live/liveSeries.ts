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
import { type DetectorState, noteState, putState, type StateShape } from "./detectorState.js";
import { LiveTraffic, type TrafficSums } from "./liveTraffic.js";
import type { SiteBook } from "./siteBook.js";

/** What is common to all series of a monitor. */
export interface LiveContext {
  readonly settings: RegionalSettings;
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
  /** The share of the promised rate that these sites have. */
  readonly share: number;
}

/** A signal and its watch. */
interface Watch<C extends Signal> {
  readonly signal: C;
  readonly watch: SequentialScan;
}

/** Places, or values of a dimension, watched bucket by bucket as they close. */
export class LiveSeries {
  readonly book: SiteBook;
  readonly shape: SeriesShape;
  readonly traffic: LiveTraffic;
  readonly errors: Watch<ErrorSignal>;
  readonly drops: Watch<TrafficSignal>;
  /** Undefined for values of dimensions, of which refusals are not told. */
  readonly refusals: Watch<ErrorSignal> | undefined;
  readonly latency: Watch<LatencySignal>;
  /** The traffic with what was turned away in the place of what failed. */
  readonly refusing: Traffic;
  readonly #context: LiveContext;
  readonly #zones: Zones;
  #ledger: { readonly of: Cube; readonly ledger: ClientLedger; readonly siteOf: Uint32Array } | undefined;

  constructor(book: SiteBook, cube: Cube, shape: SeriesShape, context: LiveContext) {
    const sites = book.sites(cube);
    const { bucketMs, firstBucket, startedBucket, capacity, share } = shape;
    this.book = book;
    this.shape = shape;
    this.#context = context;
    const [originMs, startedMs] = [firstBucket * bucketMs, startedBucket * bucketMs];
    this.traffic = new LiveTraffic({ sites, bucketMs, originMs, startedMs, capacity });
    this.#zones = book.sliced ? sliceZones(sites) : zonesOf(sites, context.discs.of(sites));
    const { guards } = context.settings;
    const errorShare = book.sliced ? share : share / 2;
    this.errors = this.#watch(new ErrorSignal(this.traffic), this.traffic, errorShare, false);
    this.drops = this.#watch(new TrafficSignal(this.traffic, guards), this.traffic, share, false);
    this.refusing = refusedTraffic(this.traffic);
    const refused = this.refusing;
    if (!book.sliced) this.refusals = this.#watch(new ErrorSignal(refused), refused, errorShare, true);
    this.latency = this.#watch(new LatencySignal(this.traffic), this.traffic, share, false);
  }

  #watch<C extends Signal>(signal: C, traffic: Traffic, share: number, refusals: boolean): Watch<C> {
    const { settings } = this.#context;
    const judge: ClientGuard["judge"] = (kind, sites, from, to) =>
      new ClientGuard(this.#ledgerNow().ledger, traffic.bucketMs, settings, refusals).judge(kind, sites, from, to);
    const options = {
      alarmsPerWeek: (share * settings.falseAlarmsPerWeek) / CHANNELS,
      guards: settings.guards,
      ...(this.#context.history().settings.measures.has("clients") && { guard: { judge } }),
    };
    return { signal, watch: new SequentialScan(signal, traffic, this.#zones, options) };
  }

  get sites(): number {
    return this.traffic.sites.length;
  }

  get watches(): readonly Watch<Signal>[] {
    const { errors, drops, refusals, latency } = this;
    return refusals === undefined ? [errors, drops, latency] : [errors, drops, refusals, latency];
  }

  /** Adds the newest bucket, and returns the sums of all sites; null where nothing came. */
  add(bucket: Cube | null): TrafficSums | null {
    const n = this.sites;
    const t = this.traffic.addBucket();
    if (bucket === null) return null;
    const siteOf = this.book.siteOf(bucket).map((site) => Math.min(site, n));
    return this.traffic.put(t, bucket, siteOf);
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
    return { cube: of, sites, traffic, coverage: wholeCoverage(of), zones: this.#zones, ledger };
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

  /** The state of all that is watched, by name. */
  note(): Map<string, DetectorState> {
    const { firstBucket } = this.shape;
    const shape: StateShape = { sites: this.sites, bucketCount: this.traffic.bucketCount, firstBucket };
    const states = new Map([["traffic", noteState(this.traffic, shape)]]);
    for (const [i, { watch }] of this.watches.entries()) states.set(`watch${i}`, noteState(watch, shape));
    return states;
  }

  /** Goes on where another series, of no more sites and no later beginning, has come to; a detector a step. */
  *put(states: ReadonlyMap<string, DetectorState>): Generator<void, void> {
    const shape: StateShape = { sites: this.sites, bucketCount: 0, firstBucket: this.shape.firstBucket };
    const of = (name: string): DetectorState => states.get(name)!;
    putState(this.traffic, shape, of("traffic"));
    yield;
    for (const [i, { watch }] of this.watches.entries()) {
      putState(watch, shape, of(`watch${i}`));
      yield;
    }
  }
}
