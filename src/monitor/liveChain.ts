import type { Events } from "../core/events.js";
import type { Cube } from "../cube/cube.js";
import { type CubeSettings, cubeSettings } from "../cube/cubeOptions.js";
import { emptyParts } from "../cube/cubeParts.js";
import type { Finding } from "../detect/finding.js";
import { SuspiciousDetector } from "../detect/suspicious/suspiciousDetector.js";
import { copyRows } from "./intake/copyRows.js";
import type { Intake } from "./intake/intake.js";
import type { FindingChange } from "./journal/findingChange.js";
import { FindingJournal } from "./journal/findingJournal.js";
import { BucketLog } from "./judge/bucketLog.js";
import { RegionalJudge } from "./judge/regionalJudge.js";
import type { MonitorOptions, MonitorSettings } from "./monitorOptions.js";

/** Events that are counted in one step, which takes some milliseconds. */
const STEP_ROWS = 8_192;
/** What is over is remembered for a day. */
const FORGET_MS = 86_400_000;

/** What a {@link LiveChain} tells while it works. */
export interface ChainEvents {
  /** A slice was counted whole; `events` is null where none came. */
  readonly onSlice?: (slice: number, events: Events | null) => void;
  /** A bucket was closed and judged. */
  readonly onBucket?: (startMs: number, changes: readonly FindingChange[]) => void;
}

/** From complete slices of time to changes of findings: cube, detectors, journal. Works in steps of some milliseconds. */
export class LiveChain {
  readonly journal: FindingJournal;
  readonly #options: MonitorOptions;
  readonly #settings: MonitorSettings;
  readonly #events: ChainEvents;
  readonly #suspicious: SuspiciousDetector | undefined;
  readonly #judge: RegionalJudge;
  readonly #log: BucketLog;
  /** The bucket that is open. */
  #bucket: Cube;
  #isFinished = false;

  constructor(options: MonitorOptions, settings: MonitorSettings, events: ChainEvents) {
    this.#options = options;
    this.#settings = settings;
    this.#events = events;
    this.journal = new FindingJournal({ resolveAfterMs: settings.resolveAfterMs, forgetAfterMs: FORGET_MS });
    if (options.suspicious !== false) this.#suspicious = new SuspiciousDetector(options.suspicious);
    this.#log = new BucketLog(emptyParts(this.#cubeSettings()));
    this.#judge = new RegionalJudge(options, settings.bucketMs, this.#log);
    this.#bucket = this.#log.newBucket();
  }

  /** The closed buckets that are kept. */
  get log(): BucketLog {
    return this.#log;
  }

  #cubeSettings(): CubeSettings {
    const { bucketMs, dimensions } = this.#settings;
    const { resolution, errors, measures } = this.#options;
    return cubeSettings({
      bucketSeconds: bucketMs / 1000,
      dimensions,
      ...(resolution !== undefined && { resolution }),
      ...(errors && { errors }),
      ...(measures && { measures }),
    });
  }

  /** Takes all slices that are complete, in steps: after each the caller may do something else. */
  *work(intake: Intake): Generator<void, void> {
    while (intake.isDue) {
      const { slice, events } = intake.closeSlice();
      yield* this.takeSlice(slice, events);
    }
  }

  /** Counts a slice; judges the bucket that it ends, if it does. */
  *takeSlice(slice: number, events: Events | null): Generator<void, void> {
    const { sliceMs, bucketMs } = this.#settings;
    if (events !== null) yield* this.#count(events);
    this.#events.onSlice?.(slice, events);
    const endMs = (slice + 1) * sliceMs;
    if (endMs % bucketMs === 0) yield* this.#closeBucket(endMs - bucketMs);
  }

  *#count(events: Events): Generator<void, void> {
    for (let from = 0; from < events.length; from += STEP_ROWS) {
      const to = Math.min(events.length, from + STEP_ROWS);
      const rows = Uint32Array.from({ length: to - from }, (_, i) => from + i);
      const step = events.length <= STEP_ROWS ? events : copyRows(events, rows);
      this.#bucket.add(step);
      this.#suspicious?.push(step);
      yield;
    }
  }

  *#closeBucket(startMs: number): Generator<void, void> {
    const endMs = startMs + this.#settings.bucketMs;
    const number = Math.round(startMs / this.#settings.bucketMs);
    const closed = this.#log.add(number, this.#bucket);
    this.#bucket = this.#log.newBucket();
    yield;
    yield* this.#judge.close(number, closed);
    const found = this.#judge.findings(this.#suspects());
    const changes = this.journal.compare(found, endMs, this.#judge.regional.knownSinceMs);
    this.#events.onBucket?.(startMs, changes);
    const { historyMs, maxHistoryBytes, bucketMs } = this.#settings;
    this.#log.drop(number + 1 - Math.ceil(historyMs / bucketMs), maxHistoryBytes);
    yield;
  }

  #suspects(): Finding[] {
    return this.#suspicious?.findings() ?? [];
  }

  /** Judges once more with all that is known, as no more will come. */
  finish(): readonly FindingChange[] {
    const last = this.#log.buckets.at(-1);
    if (this.#isFinished || last === undefined) return [];
    this.#isFinished = true;
    this.#suspicious?.finish();
    const found = this.#judge.settle(this.#suspects());
    const knownSinceMs = this.#log.isWhole ? Number.NEGATIVE_INFINITY : this.#judge.regional.knownSinceMs;
    return this.journal.compare(found, (last.number + 1) * this.#settings.bucketMs, knownSinceMs);
  }
}
