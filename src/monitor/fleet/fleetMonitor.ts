import { checkOptions } from "../../core/options/checkOptions.js";
import type { Shapes } from "../../core/options/shape.js";
import { list, seconds, text } from "../../core/options/shapes.js";
import type { Cube } from "../../cube/cube.js";
import type { Finding } from "../../detect/finding.js";
import { monitorError } from "../errors.js";
import type { FindingChange } from "../journal/findingChange.js";
import { Teller } from "../journal/teller.js";
import { LiveChain, type Step } from "../liveChain.js";
import { MONITOR_OPTIONS, type MonitorOptions, type MonitorSettings, monitorSettings } from "../monitorOptions.js";
import { StepRunner } from "../stepRunner.js";
import { readPart } from "./bucketPart.js";
import { FleetIntake, type MergedBucket } from "./fleetIntake.js";

/** How the buckets of a fleet are merged and judged. What instances count by must be the same. */
export interface FleetOptions extends MonitorOptions {
  /** Instances that are known beforehand: nothing is judged by the others alone before these had their time. Default none. */
  readonly instances?: readonly string[];
  /** How far an instance may be behind the others before buckets are judged without it, in seconds. Default 900. */
  readonly patienceSeconds?: number;
}

/** What each option takes. */
export const FLEET_OPTIONS: Shapes<FleetOptions> = {
  ...MONITOR_OPTIONS,
  instances: list(text, "names"),
  patienceSeconds: seconds,
};

/**
 * Judges the closed buckets of several instances as one, as `Monitor` judges its own. An instance that hands over nothing is
 * no data from it: places whose traffic comes by way of it are not judged by how much came.
 *
 * @example
 * ```ts
 * const fleet = Monitor.merge({ locator, instances: ["a", "b", "c"] });
 * http.createServer(async (request, response) => response.end(String(fleet.push(await buffer(request))))).listen(9000);
 * for await (const finding of fleet.findings()) console.log(finding.severity, finding.title);
 * ```
 */
export class FleetMonitor implements AsyncDisposable {
  readonly #settings: MonitorSettings;
  readonly #intake: FleetIntake;
  readonly #chain: LiveChain;
  readonly #teller: Teller;
  readonly #runner: StepRunner;
  #refused = 0;
  #missing: readonly string[] = [];
  #isClosed = false;

  constructor(options: FleetOptions) {
    checkOptions("Monitor.merge", options, FLEET_OPTIONS, ["locator"]);
    const { instances = [], patienceSeconds = 900, ...own } = options;
    this.#settings = monitorSettings(own);
    this.#intake = new FleetIntake(this.#settings.bucketMs, 1000 * patienceSeconds, instances);
    this.#teller = new Teller(options);
    this.#chain = new LiveChain({ ...own, suspicious: false }, this.#settings, {
      onBucket: (_, changes) => {
        this.#teller.tell(changes);
        return undefined;
      },
    });
    this.#runner = new StepRunner(
      () => this.#work(),
      (error) => {
        own.onError?.(error);
        this.#teller.close(error);
      },
    );
    options.signal?.addEventListener("abort", () => void this.close(), { once: true });
  }

  /**
   * Takes a closed bucket of an instance, in any order; false for one that came twice or too late, which is counted.
   *
   * @throws `bad-monitor-state` and `bad-cube-file` for bytes that are none; `monitors-differ`; `monitor-closed`
   */
  push(part: Uint8Array): boolean {
    if (this.#isClosed) throw monitorError("monitor-closed", { method: "push" });
    const read = readPart(part);
    const { bucketMs } = this.#settings;
    if (read.cube.bucketMs !== bucketMs)
      throw monitorError("monitors-differ", {
        what: "bucketMs",
        left: String(bucketMs),
        right: String(read.cube.bucketMs),
      });
    const isNew = this.#intake.take(read);
    if (!isNew) this.#refused++;
    this.#runner.start();
    return isNew;
  }

  /** Says what the clock shows: an instance that is silent while the clock goes on is waited for no longer than the others. */
  advance(nowMs: number): void {
    this.#intake.watermark.advance(nowMs);
    this.#runner.start();
  }

  *#work(): Generator<Step, void> {
    for (let bucket = this.#intake.next(); bucket !== undefined; bucket = this.#intake.next())
      yield* this.#take(bucket);
  }

  *#take(bucket: MergedBucket): Generator<Step, void> {
    this.#missing = bucket.missing;
    yield* this.#chain.takeMerged(bucket);
  }

  /** Each finding when it is told for the first time. */
  findings(): AsyncIterableIterator<Finding> {
    return this.#teller.findings();
  }

  /** Each change of a finding. */
  changes(): AsyncIterableIterator<FindingChange> {
    return this.#teller.changes();
  }

  /** The findings that are open, as they are known now. */
  get open(): readonly Finding[] {
    return this.#chain.journal.open;
  }

  /** All findings that are remembered. */
  get known(): readonly Finding[] {
    return this.#chain.journal.all;
  }

  /** Instances from which there was no data in the last bucket. */
  get missing(): readonly string[] {
    return this.#missing;
  }

  /** Parts that came twice or too late. */
  get refused(): number {
    return this.#refused;
  }

  /** Recent traffic of all: see {@link Monitor.cube}. */
  cube(): Cube {
    return this.#chain.log.window();
  }

  /** Resolves once all buckets that are complete are judged. */
  flush(): Promise<void> {
    return this.#runner.idle();
  }

  /** Says that no more will come: judges what is left, and ends all iterators. */
  async finish(): Promise<void> {
    this.#intake.isFinished = true;
    await this.flush();
    this.#teller.tell(this.#chain.finish());
    this.#isClosed = true;
    this.#teller.close();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#runner.stop();
    this.#teller.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
