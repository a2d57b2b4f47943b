import { worldScan, worldSites } from "../incidents/worldDrops.js";
import type { RegionalSettings } from "../regionalOptions.js";
import type { SequentialScan } from "../scan/sequentialScan.js";
import { type DetectorState, dropBuckets, noteState, putState, type StateShape } from "./detectorState.js";
import type { SeriesShape } from "./liveSeries.js";
import { LiveTraffic } from "./liveTraffic.js";

/** All traffic as that of one site, watched bucket by bucket. */
export class LiveWorld {
  readonly traffic: LiveTraffic;
  readonly watch: SequentialScan;
  #first: number;

  /** @param alarmsPerWeek - how often drops of everything may alarm */
  constructor(shape: SeriesShape, { guards }: RegionalSettings, alarmsPerWeek: number) {
    const { bucketMs, firstBucket, startedBucket, capacity } = shape;
    this.#first = firstBucket;
    this.traffic = new LiveTraffic({
      sites: worldSites(),
      bucketMs,
      originMs: firstBucket * bucketMs,
      startedMs: startedBucket * bucketMs,
      capacity,
    });
    this.watch = worldScan(this.traffic, guards, alarmsPerWeek);
  }

  get #shape(): StateShape {
    return { sites: 1, bucketCount: this.traffic.bucketCount, firstBucket: this.#first };
  }

  /** Lets go of the oldest buckets. */
  drop(count: number): void {
    const shape = this.#shape;
    this.#first += count;
    this.traffic.originMs += count * this.traffic.bucketMs;
    for (const part of [this.traffic, this.watch]) dropBuckets(part, shape, count);
  }

  note(): DetectorState[] {
    const shape = this.#shape;
    return [this.traffic, this.watch].map((part) => noteState(part, shape));
  }

  put([traffic, watch]: readonly DetectorState[]): void {
    const shape = { sites: 1, bucketCount: 0, firstBucket: this.#first };
    putState(this.traffic, shape, traffic!);
    putState(this.watch, shape, watch!);
  }
}
