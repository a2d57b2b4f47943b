import { ALL_GUARDS, type Guards } from "../guards.js";
import type { StateVisitor } from "../live/stateVisitor.js";
import { droppedBuckets, type Traffic } from "../series/trafficColumns.js";
import { Dispersion, NO_SPREAD } from "../signals/dispersion.js";
import type { Signal } from "../signals/signal.js";
import { AlarmThreshold } from "./alarmThreshold.js";
import type { ClientGuard, ClientRow, Verdict } from "./clientGuard.js";
import { FollowedIncidents } from "./followedIncidents.js";
import { type Incident, incidentState, putIncident } from "./incident.js";
import { IncidentOutline, maskedSites, type OutlineSeed } from "./incidentOutline.js";
import { type Candidate, membersOf, type Noise, ScanStatistic } from "./scanStatistic.js";
import { type WindowSums, windowFor, windowLengths } from "./windowSums.js";
import type { Zones } from "./zones.js";

export type { Incident } from "./incident.js";

export interface SequentialScanOptions {
  /** How often quiet traffic may alarm. */
  readonly alarmsPerWeek: number;
  /** Who is behind a candidate; without it every candidate passes. */
  readonly guard?: Pick<ClientGuard, "judge">;
  /** Default all. */
  readonly guards?: Guards;
  /** The share of what was expected that a drop must lose. Default a tenth. */
  readonly leastLoss?: number | undefined;
}

/** The past begins this long before the present: what is not yet noticed must not become the baseline. */
const LAG_MS = 30 * 60_000;
const MAX_ROUNDS_A_BUCKET = 16;
/** The past is known less well than what is fitted to all of it: against it, less evidence will do. */
const PAST_BAR = 0.75;
const WEEK_MS = 7 * 86_400_000;
/** Marks of what the scan no longer looks at: the past learns nothing from an incident, but it does from the rest. */
const IN_INCIDENT = 1;
const LEFT_ASIDE = 2;

/**
 * Watches one kind of evidence bucket by bucket, as if live: what is told after a bucket rests on that bucket and those
 * before it alone. Only how far an incident reaches and how long it lasts is told from what follows.
 */
export class SequentialScan {
  readonly incidents: Incident[] = [];
  readonly observed: Float32Array;
  readonly expected: Float32Array;
  readonly threshold: AlarmThreshold;
  readonly #signal: Signal;
  readonly #traffic: Traffic;
  #zones: Zones;
  readonly #options: SequentialScanOptions;
  readonly #guards: Guards;
  readonly #masked: Uint8Array;
  readonly #maskedBuckets: Uint8Array;
  #sums: WindowSums;
  #scan: ScanStatistic;
  readonly #dispersion: Dispersion[];
  readonly #noNoise: Noise;
  readonly #lag: number;
  readonly #outline: IncidentOutline;
  /** Incidents whose outline grows with the buckets that come; undefined where all of them are there. */
  readonly #followed: FollowedIncidents | undefined;
  /** How often quiet traffic may alarm. */
  alarmsPerWeek: number;
  #filledTo = -1;
  #next = 0;
  #since = -1;

  constructor(signal: Signal, traffic: Traffic, zones: Zones, options: SequentialScanOptions) {
    const n = traffic.sites.length;
    const room = traffic.capacity ?? traffic.bucketCount;
    this.#signal = signal;
    this.#traffic = traffic;
    this.#zones = zones;
    this.#options = options;
    this.#guards = options.guards ?? ALL_GUARDS;
    this.observed = new Float32Array(n * room);
    this.expected = new Float32Array(n * room);
    this.#masked = new Uint8Array(n * room);
    this.#maskedBuckets = new Uint8Array(room);
    const lengths = windowLengths(traffic.bucketMs);
    this.#scan = new ScanStatistic(signal.kind, zones, signal.minimum, options.leastLoss, lengths);
    this.#sums = this.#scan.windowSums(lengths);
    this.#dispersion = lengths.map(() => new Dispersion(signal.kind));
    const none = new Float64Array(n);
    this.#noNoise = { spread: lengths.map(() => NO_SPREAD), own: none, shared: none };
    this.#lag = Math.max(1, Math.round(LAG_MS / traffic.bucketMs));
    const block = Math.max(4, Math.round(7_200_000 / traffic.bucketMs));
    const perWeek = WEEK_MS / traffic.bucketMs;
    const kinds = zones.partitions.length + 1;
    this.threshold = new AlarmThreshold(block, perWeek / block, Math.log(0.5 * kinds * perWeek));
    this.alarmsPerWeek = options.alarmsPerWeek;
    const rows = { observed: this.observed, expected: this.expected, masked: this.#masked };
    this.#outline = new IncidentOutline(signal, traffic, zones, rows, lengths);
    if (traffic.capacity !== undefined) this.#followed = new FollowedIncidents(this.#outline, rows, traffic);
  }

  /** Buckets since watching began that are no longer there: windows keep their places in time. */
  get #dropped(): number {
    return droppedBuckets(this.#traffic);
  }

  /** Takes in sites that are known now, from one on, and the zones that they are in. */
  admit(from: number, zones: Zones): void {
    const { kind, minimum } = this.#signal;
    const sums = this.#sums;
    this.#signal.admit?.(from);
    this.#zones = zones;
    this.#outline.zones = zones;
    this.#scan = new ScanStatistic(kind, zones, minimum, this.#options.leastLoss, sums.lengths);
    this.#sums = this.#scan.windowSums(sums.lengths);
    this.#sums.take(sums);
  }

  /** Variance of the sum over some sites and buckets [from, to] around an incident, beyond that of chance. */
  extraVariance({ own, shared: common }: Incident, sites: readonly number[], from: number, to: number): number {
    const n = this.#traffic.sites.length;
    const spread = this.#dispersion[windowFor(this.#sums.lengths, to - from + 1)]!.spread();
    let [all, extra, shared] = [0, 0, 0];
    for (const p of sites) {
      let m = 0;
      for (let t = from; t <= to; t++) m += this.expected[t * n + p]!;
      all += m;
      extra += m * m * own[p]!;
      shared += m * common[p]!;
    }
    return spread.extra(all) + extra + shared * shared;
  }

  /** Judges every bucket up to the last. */
  run(): void {
    while (this.#next < this.#traffic.bucketCount) this.tick();
  }

  /** Judges the next bucket. @param unknown - 1 for each site of which part of the data is missing: nothing is told or learned of it */
  tick(unknown?: Uint8Array): void {
    const t = this.#next++;
    this.#fill(t);
    if (unknown !== undefined) this.#exclude(t, unknown);
    this.#sums.advance(t, this.observed, this.expected, this.#masked, this.#maskedBuckets);
    this.#goOn(t);
    if (this.#signal.ready(t)) this.#judge(t);
    const n = this.#traffic.sites.length;
    if (t >= this.#lag) {
      const past = t - this.#lag;
      this.#signal.learn(past, this.#masked.subarray(past * n, (past + 1) * n));
    }
  }

  #exclude(t: number, unknown: Uint8Array): void {
    const n = this.#traffic.sites.length;
    for (let p = 0; p < n; p++) if (unknown[p] === 1) this.#masked[t * n + p] = IN_INCIDENT;
    this.#maskedBuckets[t] = 1;
  }

  #fill(t: number): void {
    const n = this.#traffic.sites.length;
    this.#signal.fill(t, this.observed.subarray(t * n, (t + 1) * n), this.expected.subarray(t * n, (t + 1) * n));
    this.#filledTo = Math.max(this.#filledTo, t);
  }

  /** Draws the incidents that are followed anew, with what the newest bucket tells of them. */
  #goOn(t: number): void {
    if (this.#followed === undefined || this.#followed.length === 0) return;
    const changed = this.#followed.update(t, (detected) => this.#firstOf(detected), this.#noise());
    this.#maskedBuckets[t] = 1;
    for (const site of changed) this.#sums.refresh(site, t, this.observed, this.expected, this.#masked);
  }

  /** Nothing before this bucket is part of an incident that was told after bucket `t`. */
  #firstOf(t: number): number {
    const longest = this.#sums.lengths[this.#sums.lengths.length - 1]!;
    return Math.max(0, this.#since, t - longest - this.#lag);
  }

  #judge(t: number): void {
    if (this.#since < 0) this.#begin(t);
    const noise = this.#noise();
    const limit = this.threshold.at(this.alarmsPerWeek);
    let largest = 0;
    for (let round = 0; round < MAX_ROUNDS_A_BUCKET; round++) {
      // A block of time counts by its peak: what is below it need not be looked at.
      const floor = Math.min(limit, Math.max(largest, this.threshold.peak));
      const candidate = this.#scan.best(t + this.#dropped, this.#sums, noise, this.#since + this.#dropped, floor);
      const negLogP = candidate?.negLogP ?? 0;
      const below = candidate === null || negLogP < limit;
      // What a guard holds to be no region's trouble is no measure of how surprising regions are.
      if (below || this.#follow(candidate, t, limit, noise)) largest = Math.max(largest, negLogP);
      if (below) break;
    }
    // An alarm counts as one that just was one: a log that alarms often is one in which negLogPs mean less.
    this.threshold.push(Math.min(largest, limit));
    this.#learnNoise(t, this.#since);
  }

  /** What the first fit rests on tells how bursty traffic is, before anything is judged. */
  #begin(t: number): void {
    // Expectations of the past were unknown while it was the present: its sums are made anew.
    this.#sums.clear();
    for (let past = 0; past < t; past++) {
      this.#fill(past);
      this.#sums.advance(past, this.observed, this.expected, this.#masked, this.#maskedBuckets);
      this.#learnNoise(past, 0);
    }
    this.#sums.advance(t, this.observed, this.expected, this.#masked, this.#maskedBuckets);
    this.#since = t;
  }

  #noise(): Noise {
    if (!this.#guards.has("chance")) return this.#noNoise;
    return { spread: this.#dispersion.map((d) => d.spread()), own: this.#signal.own, shared: this.#signal.shared };
  }

  /** Dispersion is learned from windows that do not overlap, after incidents have been taken out of them. */
  #learnNoise(t: number, since: number): void {
    const { lengths } = this.#sums;
    for (let w = 0; w < lengths.length; w++) {
      if ((t + 1 + this.#dropped) % lengths[w]! !== 0 || t - lengths[w]! + 1 < since) continue;
      this.#scan.learn(w, this.#sums, this.#dispersion[w]!);
    }
  }

  /** Whether a candidate is told as an incident; one that is not is taken out of the sums. */
  #follow(candidate: Candidate, t: number, limit: number, noise: Noise): boolean {
    const window = this.#sums.lengths[candidate.window]!;
    const sites = membersOf(this.#zones, candidate);
    if (this.#isUsual(candidate, sites, t, limit, noise)) {
      this.#mask(sites, t - window + 1, t, t, LEFT_ASIDE);
      return false;
    }
    const verdict = this.#options.guard?.judge(this.#signal.kind, sites, t - window + 1, t);
    if (verdict !== undefined && !this.#holds(verdict, candidate, limit, noise)) {
      if (verdict.rows.length > 0) this.#leaveOut(verdict.rows, t);
      else this.#mask(sites, t - window + 1, t, t, LEFT_ASIDE);
      return false;
    }
    const { partition } = candidate;
    const kind = partition < 0 ? "circle" : this.#zones.partitions[partition]!.kind;
    const seed: OutlineSeed = { sites, from: t - window + 1, to: t, kind };
    const found = this.#outline.of(seed, t, this.#firstOf(t), noise, (horizon) => this.#fillAhead(t, horizon));
    const incident: Incident = {
      signal: this.#signal,
      seed: sites[0] ?? 0,
      seedKind: kind,
      ...found,
      detected: t,
      negLogP: candidate.negLogP,
      threshold: limit,
      own: this.#signal.own.slice(),
      shared: this.#signal.shared.slice(),
      ...(verdict === undefined ? {} : { clients: verdict }),
    };
    const fringe = maskedSites(seed, found.zone);
    const span = { from: Math.min(found.from - 1, t - window + 1), to: Math.max(found.to + 1, t) };
    const mark = this.#followed?.add(incident, seed, fringe, span) ?? IN_INCIDENT;
    this.#mask(fringe, span.from, span.to, t, mark);
    this.incidents.push(incident);
    return true;
  }

  /** Whether the past itself, rather than what was fitted to it, has as little at such hours. */
  #isUsual(candidate: Candidate, sites: readonly number[], t: number, limit: number, noise: Noise): boolean {
    const window = this.#sums.lengths[candidate.window]!;
    const past = this.#signal.pastOf?.(sites, t - window + 1, t, this.expected, this.#masked) ?? null;
    if (past === null) return false;
    const fitted = sites.reduce((sum, p) => sum + this.#sums.expected[candidate.window]![p]!, 0);
    if (past >= fitted) return false;
    const beyond = { observed: 0, expected: fitted - past, expectedShare: 0 };
    return this.#scan.without(candidate, this.#sums, noise, beyond) < PAST_BAR * limit;
  }

  /** Whether there are clients enough, and the candidate would alarm without the busiest of them. */
  #holds(verdict: Verdict, candidate: Candidate, limit: number, noise: Noise): boolean {
    if (!verdict.enough) return false;
    return !this.#guards.has("busiest") || this.#scan.without(candidate, this.#sums, noise, verdict) >= limit;
  }

  /** Takes a client's requests out of the sums: what remains may still be a region's incident. */
  #leaveOut(rows: readonly ClientRow[], t: number): void {
    const n = this.#traffic.sites.length;
    for (const { bucket, site, failed } of rows) {
      const i = bucket * n + site;
      const all = this.#traffic.visits[i]!;
      this.observed[i] = Math.max(0, this.observed[i]! - failed);
      if (all > 0) this.expected[i]! *= Math.max(0, 1 - 1 / all);
    }
    for (const site of new Set(rows.map((r) => r.site)))
      this.#sums.refresh(site, t, this.observed, this.expected, this.#masked);
  }

  #fillAhead(t: number, horizon: number): void {
    for (let at = Math.max(t, this.#filledTo) + 1; at <= horizon; at++) this.#fill(at);
  }

  /** Takes sites over some buckets out of all sums, of the scan and of the past. */
  #mask(sites: readonly number[], from: number, to: number, t: number, mark = IN_INCIDENT): void {
    const n = this.#traffic.sites.length;
    const last = Math.min(to, this.#traffic.bucketCount - 1);
    this.#maskedBuckets.fill(1, Math.max(0, from), last + 1);
    for (const p of sites) {
      for (let at = Math.max(0, from); at <= last; at++) this.#masked[at * n + p] = mark;
      this.#sums.refresh(p, t, this.observed, this.expected, this.#masked);
    }
  }

  /** Whether an incident is still going on, or may turn out to be. */
  get isFollowing(): boolean {
    return (this.#followed?.length ?? 0) > 0;
  }

  visit(v: StateVisitor): void {
    const n = this.#traffic.sites.length;
    this.#signal.visit(v);
    v.buckets("scan.observed", this.observed, n);
    v.buckets("scan.expected", this.expected, n);
    v.buckets("scan.masked", this.#masked, n);
    v.buckets("scan.maskedBuckets", this.#maskedBuckets, 1);
    this.#sums.visit(v);
    this.#dispersion.forEach((dispersion, w) => {
      dispersion.visit(v, `dispersion${w}`);
    });
    this.threshold.visit(v);
    v.bucket("scan.next", this.#next, (next) => {
      this.#next = next;
      this.#filledTo = next - 1;
    });
    v.json(
      "scan.since",
      () => (this.#since < 0 ? null : this.#since + v.firstBucket),
      (since) => {
        this.#since = since === null ? -1 : Math.max(0, since - v.firstBucket);
      },
    );
    v.json(
      "scan.incidents",
      () => this.incidents.map((incident) => incidentState(incident, v.firstBucket)),
      (states) => {
        const known = states.map((state) => putIncident(state, this.#signal, v.firstBucket));
        this.#followed?.visit(v, known);
        this.incidents.splice(0, this.incidents.length, ...known.filter(({ to }) => to >= 0));
      },
    );
    this.#followed?.note(v, this.incidents);
  }
}
