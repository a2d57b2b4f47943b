import type { Events } from "../core/events.js";
import { Cube } from "../cube/cube.js";
import type { Finding } from "../detect/finding.js";
import { SuspiciousDetector } from "../detect/suspicious/suspiciousDetector.js";
import { copyRows } from "./intake/copyRows.js";
import type { Intake } from "./intake/intake.js";
import type { FindingChange } from "./journal/findingChange.js";
import { FindingJournal } from "./journal/findingJournal.js";
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
  #cube: Cube;
  /** Whether the cube holds all events from the first on. */
  #isWhole = true;
  #isFinished = false;

  constructor(options: MonitorOptions, settings: MonitorSettings, events: ChainEvents) {
    this.#options = options;
    this.#settings = settings;
    this.#events = events;
    this.journal = new FindingJournal({ resolveAfterMs: settings.resolveAfterMs, forgetAfterMs: FORGET_MS });
    if (options.suspicious !== false) this.#suspicious = new SuspiciousDetector(options.suspicious);
    this.#judge = new RegionalJudge(options);
    this.#cube = this.newCube();
  }

  /** The closed buckets' traffic that is kept. */
  get cube(): Cube {
    return this.#cube;
  }

  /** An empty cube like that of the chain. */
  newCube(): Cube {
    const { bucketMs, dimensions } = this.#settings;
    const { resolution, errors, measures } = this.#options;
    return new Cube({
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
      this.#cube.add(step);
      this.#suspicious?.push(step);
      yield;
    }
  }

  *#closeBucket(startMs: number): Generator<void, void> {
    const endMs = startMs + this.#settings.bucketMs;
    yield* this.#judge.close(this.#cube, startMs);
    const found = this.#judge.findings(this.#cube, this.#suspects());
    const changes = found === null ? [] : this.journal.compare(found, endMs);
    this.#events.onBucket?.(startMs, changes);
    this.#trim(endMs);
    yield;
  }

  #suspects(): Finding[] {
    return this.#suspicious?.findings() ?? [];
  }

  /** Judges once more with all that is known, as no more will come. */
  finish(): readonly FindingChange[] {
    if (this.#isFinished || this.#cube.groups.length === 0) return [];
    this.#isFinished = true;
    this.#suspicious?.finish();
    const found = this.#judge.settle(this.#cube, this.#suspects());
    return this.journal.compare(found, this.#cube.originMs + this.#cube.bucketCount * this.#settings.bucketMs);
  }

  /** Lets the oldest traffic go once there is a quarter too much, so that this is seldom done. */
  #trim(endMs: number): void {
    const { historyMs, maxHistoryBytes, bucketMs } = this.#settings;
    const cube = this.#cube;
    const keptMs = endMs - cube.originMs;
    const isLarge = keptMs % (12 * bucketMs) === 0 && cube.memoryBytes > maxHistoryBytes;
    if (keptMs <= 1.25 * historyMs && !isLarge) return;
    const target = isLarge ? Math.min(0.75 * keptMs, historyMs) : historyMs;
    this.#cube = cube.withoutWindow(Number.NEGATIVE_INFINITY, endMs - Math.ceil(target / bucketMs) * bucketMs);
    this.#isWhole = false;
  }

  /** Whether the kept traffic is all there was. */
  get isWhole(): boolean {
    return this.#isWhole;
  }
}
