import type { Cube } from "../../cube/cube.js";
import { detect, findingsTogether } from "../../detect/detect.js";
import type { Finding } from "../../detect/finding.js";
import { findSlowForDistance } from "../../detect/regional/findSlowForDistance.js";
import type { BucketCoverage } from "../../detect/regional/live/bucketHistory.js";
import { LiveRegional } from "../../detect/regional/live/liveRegional.js";
import type { RegionalState } from "../../detect/regional/live/regionalState.js";
import { type RegionalOptions, regionalSettings } from "../../detect/regional/regionalOptions.js";
import { findMisrouted } from "../../detect/regional/routing/findMisrouted.js";
import type { MonitorOptions } from "../monitorOptions.js";
import type { BucketLog } from "./bucketLog.js";

/** What is always slow for its distance is looked for anew so often. */
const FAR_MS = 86_400_000;
/** … and who is sent to a server farther away, so often: it takes a look at all that is remembered. */
const MISROUTED_MS = 3_600_000;

/** Judges regions after each bucket, and puts what it finds in one order with what was found of users and addresses. */
export class RegionalJudge {
  readonly regional: LiveRegional;
  readonly #options: MonitorOptions;
  readonly #log: BucketLog;
  readonly #bucketMs: number;
  #signature = "";
  #known: { readonly outages: Finding[]; readonly hotspots: Finding[] } = { outages: [], hotspots: [] };
  #far: Finding[] = [];
  #misrouted: Finding[] = [];

  constructor(options: MonitorOptions, bucketMs: number, log: BucketLog) {
    this.#options = options;
    this.#log = log;
    this.#bucketMs = bucketMs;
    this.regional = new LiveRegional(bucketMs, regionalSettings(options), log);
  }

  /** Judges one more bucket, in steps; it is in the log already. */
  *close(number: number, bucket: Cube | null, coverage: BucketCoverage): Generator<void, void> {
    yield* this.regional.close(number, bucket, coverage);
    const { signature } = this.regional;
    if (signature !== this.#signature) {
      this.#known = this.regional.findings();
      this.#signature = signature;
      yield;
    }
    const { servers = [], expectedMs } = this.#options;
    const endMs = (number + 1) * this.#bucketMs;
    if (servers.length > 1 && endMs % MISROUTED_MS === 0) {
      this.#misrouted = findMisrouted(this.#log.cube, servers, { expectedMs });
      yield;
    }
    if (servers.length === 0 || endMs % FAR_MS !== 0) return;
    this.#far = findSlowForDistance(this.#log.cube, servers, this.#options);
    yield;
  }

  /** Does what can wait until a bucket is told, in steps. @param number - of the bucket that was judged last */
  settleBucket(number: number): Generator<void, void> {
    return this.regional.settle(number);
  }

  /** Goes on where another was saved; the buckets that it knew are in the log already. */
  restore(state: RegionalState): void {
    this.regional.restore(state);
    this.#known = this.regional.findings();
    this.#signature = this.regional.signature;
  }

  /** What is known now. @param suspects - what was found of users and addresses */
  findings(suspects: readonly Finding[]): Finding[] {
    return findingsTogether({ ...this.#known, misrouted: this.#misrouted, far: this.#far, suspects });
  }

  /** What is known in the end: where all buckets are there still, what `analyze` would find in them. */
  settle(suspects: readonly Finding[]): Finding[] {
    if (!this.#log.isWhole) return this.findings(suspects);
    const { falseAlarmsPerWeek, minClients, holidays, servers, expectedMs } = this.#options;
    const regional: RegionalOptions = {
      ...(falseAlarmsPerWeek !== undefined && { falseAlarmsPerWeek }),
      ...(minClients !== undefined && { minClients }),
      ...(holidays !== undefined && { holidays }),
    };
    return detect(this.#log.window(), {
      ...regional,
      ...(servers && { servers }),
      ...(expectedMs && { expectedMs }),
      found: suspects,
    });
  }
}
