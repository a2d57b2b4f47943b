import type { Cube } from "../../../cube/cube.js";
import { cubeTraffic, wholeCoverage } from "../series/cubeTraffic.js";
import type { LatencyRows, Sites, Traffic } from "../series/trafficColumns.js";
import { VisitCounter } from "../series/visitCounter.js";
import type { StateColumn, Stateful, StateVisitor } from "./stateVisitor.js";

type Amount = "requests" | "errors" | "visits" | "failed" | "refused" | "refusedVisits";
const AMOUNTS: readonly Amount[] = ["requests", "errors", "visits", "failed", "refused", "refusedVisits"];

/** A bucket's amounts, in their order, summed over all sites. */
export type TrafficSums = readonly number[];

/** What a series of buckets begins with. */
export interface TrafficShape {
  readonly sites: Sites;
  readonly bucketMs: number;
  readonly originMs: number;
  readonly startedMs: number;
  /** Buckets that there is room for. */
  readonly capacity: number;
}

/** Traffic to which buckets are added as they close. */
export class LiveTraffic implements Traffic, Stateful {
  readonly sites: Sites;
  readonly bucketMs: number;
  originMs: number;
  readonly startedMs: number;
  readonly capacity: number;
  bucketCount = 0;
  readonly requests: Float32Array;
  readonly errors: Float32Array;
  readonly visits: Float32Array;
  readonly failed: Float32Array;
  readonly refused: Float32Array;
  readonly refusedVisits: Float32Array;
  readonly latency: GrowingLatencies;
  #counter: VisitCounter | undefined;

  constructor({ sites, bucketMs, originMs, startedMs, capacity }: TrafficShape) {
    this.sites = sites;
    this.bucketMs = bucketMs;
    this.originMs = originMs;
    this.startedMs = startedMs;
    this.capacity = capacity;
    const column = (): Float32Array => new Float32Array(sites.length * capacity);
    this.requests = column();
    this.errors = column();
    this.visits = column();
    this.failed = column();
    this.refused = column();
    this.refusedVisits = column();
    this.latency = new GrowingLatencies(capacity);
  }

  get isFull(): boolean {
    return this.bucketCount >= this.capacity;
  }

  /** Adds an empty bucket; returns its number. */
  addBucket(): number {
    const [t, n] = [this.bucketCount++, this.sites.length];
    for (const name of AMOUNTS) this[name].fill(0, t * n, (t + 1) * n);
    this.latency.end(t);
    return t;
  }

  /**
   * Writes the newest bucket, and returns its sums.
   *
   * @param bucket - a cube of that bucket alone
   * @param siteOf - site by group
   */
  put(t: number, bucket: Cube, siteOf: Uint32Array): TrafficSums {
    const n = this.sites.length;
    this.#counter ??= new VisitCounter(bucket);
    const row = cubeTraffic(bucket, { sites: this.sites, siteOf }, wholeCoverage(bucket), this.#counter);
    for (const name of AMOUNTS) this[name].set(row[name], t * n);
    this.latency.append(t, row.latency);
    return AMOUNTS.map((name) => row[name].reduce((sum, amount) => sum + amount, 0));
  }

  /** Adds a bucket of one site that has the sums of all sites of some traffic. */
  addSums(sums: TrafficSums | null): void {
    const t = this.addBucket();
    if (sums !== null) for (const [i, name] of AMOUNTS.entries()) this[name][t] = sums[i]!;
  }

  visit(v: StateVisitor): void {
    const n = this.sites.length;
    for (const name of AMOUNTS) v.buckets(`traffic.${name}`, this[name], n);
    v.bucket("traffic.bucketCount", this.bucketCount, (count) => {
      this.bucketCount = count;
    });
    this.latency.visit(v, this.bucketCount);
  }
}

/** Latencies by bucket, which grow. */
class GrowingLatencies implements LatencyRows {
  readonly starts: Uint32Array;
  site = new Uint32Array(0);
  bin = new Uint16Array(0);
  count = new Uint32Array(0);
  weight = new Float32Array(0);

  constructor(capacity: number) {
    this.starts = new Uint32Array(capacity + 1);
  }

  /** A bucket without any. */
  end(t: number): void {
    this.starts[t + 1] = this.starts[t]!;
  }

  /** Writes those of the newest bucket. */
  append(t: number, rows: LatencyRows): void {
    const at = this.starts[t]!;
    this.#reserve(at + rows.site.length);
    this.site.set(rows.site, at);
    this.bin.set(rows.bin, at);
    this.count.set(rows.count, at);
    this.weight.set(rows.weight, at);
    this.starts[t + 1] = at + rows.site.length;
  }

  #reserve(length: number): void {
    if (length <= this.site.length) return;
    const room = Math.max(length, Math.ceil(1.5 * this.site.length), 1024);
    const grown = <T extends StateColumn>(column: T, wider: T): T => {
      wider.set(column as never);
      return wider;
    };
    this.site = grown(this.site, new Uint32Array(room));
    this.bin = grown(this.bin, new Uint16Array(room));
    this.count = grown(this.count, new Uint32Array(room));
    this.weight = grown(this.weight, new Float32Array(room));
  }

  visit(v: StateVisitor, bucketCount: number): void {
    const end = this.starts[bucketCount]!;
    v.json(
      "traffic.latency",
      () => ({
        first: v.firstBucket,
        starts: this.starts.subarray(0, bucketCount + 1),
        site: this.site.subarray(0, end),
        bin: this.bin.subarray(0, end),
        count: this.count.subarray(0, end),
        weight: this.weight.subarray(0, end),
      }),
      (rows) => this.#put(rows, v.firstBucket - rows.first),
    );
  }

  /** Takes the rows of others, from a bucket on. */
  #put(from: LatencyRows, first: number): void {
    const begin = from.starts[first] ?? 0;
    const rows = Math.min(from.starts.length - first, this.starts.length);
    for (let t = 0; t < rows; t++) this.starts[t] = Math.max(0, from.starts[t + first]! - begin);
    const end = begin + Math.max(...this.starts.subarray(0, rows));
    this.#reserve(end - begin);
    this.site.set(from.site.subarray(begin, end));
    this.bin.set(from.bin.subarray(begin, end));
    this.count.set(from.count.subarray(begin, end));
    this.weight.set(from.weight.subarray(begin, end));
  }
}
