import type { Events } from "../core/events.js";
import { Cube } from "../cube/cube.js";
import { type CubeSettings, cubeSettings } from "../cube/cubeOptions.js";
import { emptyParts } from "../cube/cubeParts.js";
import type { Finding } from "../detect/finding.js";
import { type BucketCoverage, WHOLE } from "../detect/regional/live/bucketHistory.js";
import { SuspiciousDetector } from "../detect/suspicious/suspiciousDetector.js";
import { UserHistory } from "../detect/suspicious/users/userHistory.js";
import { type BucketPart, bucketPart } from "./fleet/bucketPart.js";
import type { MergedBucket } from "./fleet/fleetIntake.js";
import { copyRows } from "./intake/copyRows.js";
import type { ClosedSlice, Intake } from "./intake/intake.js";
import type { FindingChange } from "./journal/findingChange.js";
import { FindingJournal } from "./journal/findingJournal.js";
import { BucketLog } from "./judge/bucketLog.js";
import { RegionalJudge } from "./judge/regionalJudge.js";
import type { MonitorOptions, MonitorSettings } from "./monitorOptions.js";
import type { MonitorState } from "./state/monitorState.js";

/** Events that are counted in one step, which takes some milliseconds. */
const STEP_ROWS = 8_192;
/** Findings that are remembered, over or not. */
const MOST_FINDINGS = 20_000;
/** Once a day, what users and addresses did more than a week ago is forgotten. */
const FORGET_MS = 86_400_000;

const PARTIAL: BucketCoverage = { isPartial: true };

/** What a step of work may wait for before the next. */
export type Step = Promise<void> | void;

/** What a {@link LiveChain} tells while it works. */
export interface ChainEvents {
  /** A slice was counted whole. */
  readonly onSlice?: (slice: ClosedSlice) => void;
  /** What is to be done once a bucket is told and settled, in steps. */
  readonly afterBucket?: () => Iterable<Step> | undefined;
  /** A bucket begins to be closed. */
  readonly onClosing?: () => void;
  /** A bucket was closed and judged. */
  readonly onBucket?: (startMs: number, changes: readonly FindingChange[]) => Promise<void> | undefined;
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
  readonly #bucket: Cube;
  /** What instances found of users and addresses, where their buckets are merged. */
  #merged: readonly Finding[] | undefined;
  /** Whether part of the bucket that is open is not known. */
  #isPartial = false;
  /** The same of the bucket that closed last. */
  #wasPartial = false;
  #isFinished = false;

  /** @param kept - what there is to begin with: a cube's tables, and what is known of users */
  constructor(
    options: MonitorOptions,
    settings: MonitorSettings,
    events: ChainEvents,
    kept: { readonly tables: Uint8Array | undefined; readonly users: Uint8Array | null } | null = null,
  ) {
    this.#options = options;
    this.#settings = settings;
    this.#events = events;
    this.journal = new FindingJournal({ resolveAfterMs: settings.resolveAfterMs, mostFindings: MOST_FINDINGS });
    if (options.suspicious !== false) {
      const users = kept?.users ? { users: UserHistory.load(kept.users) } : {};
      this.#suspicious = new SuspiciousDetector({ ...options.suspicious, ...users });
    }
    const parts = emptyParts(this.#cubeSettings());
    const tables = kept?.tables && Cube.load(kept.tables, { measures: parts.settings.own }).parts;
    this.#log = new BucketLog(tables ? { ...parts, ...tables, settings: parts.settings } : parts);
    this.#judge = new RegionalJudge(options, settings.bucketMs, this.#log);
    this.#bucket = this.#log.empty();
  }

  /** The last bucket as an instance hands it over. */
  lastPart(instance: string): BucketPart | null {
    const last = this.#log.buckets.at(-1);
    if (last === undefined) return null;
    const cube = last.cube ?? this.#log.empty();
    return bucketPart({ instance, number: last.number, cube, isPartial: this.#wasPartial, suspects: this.#suspects() });
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

  /** What a snapshot holds of the chain. */
  save(): Pick<MonitorState, "told" | "nextChange" | "regional" | "tables" | "isWhole"> {
    return {
      told: this.journal.save(),
      nextChange: this.journal.next,
      regional: this.#judge.regional.save(),
      tables: this.#log.empty().save(),
      isWhole: this.#log.isWhole,
    };
  }

  /** What is known of users; null where nobody looks. */
  get users(): Uint8Array | null {
    return this.#suspicious?.users.save() ?? null;
  }

  /** Goes on where another was saved. @param buckets - closed ones, oldest first, with the tables of the chain */
  restore(
    { told, nextChange, regional, isWhole, judgedMs }: MonitorState,
    buckets: Iterable<{ readonly number: number; readonly cube: Cube }>,
  ): void {
    this.journal.restore(told, nextChange);
    for (const { number, cube } of buckets) this.#log.resume(number, cube);
    if (judgedMs !== null) this.#log.fillTo(Math.round(judgedMs / this.#settings.bucketMs));
    if (!isWhole) this.#log.setIncomplete();
    if (regional !== null) this.#judge.restore(regional);
  }

  /** Shows events to the detectors of users and addresses alone: the rest knows them. */
  seeUsers(events: Events): void {
    for (const step of this.#stepsOf(events)) this.#suspicious?.push(step);
  }

  /** Takes all slices that are complete, in steps: after each the caller may do something else. */
  *work(intake: Intake): Generator<Step, void> {
    while (intake.isDue) yield* this.takeSlice(intake.closeSlice());
  }

  /** Counts a slice; judges the bucket that it ends, if it does. */
  *takeSlice(closed: ClosedSlice): Generator<Step, void> {
    const { sliceMs, bucketMs } = this.#settings;
    if (closed.events !== null) yield* this.#count(closed.events);
    this.#isPartial ||= closed.isPartial;
    this.#events.onSlice?.(closed);
    const endMs = (closed.slice + 1) * sliceMs;
    if (endMs % bucketMs === 0) yield* this.#closeBucket(endMs - bucketMs);
  }

  *#count(events: Events): Generator<Step, void> {
    for (const step of this.#stepsOf(events)) {
      this.#bucket.add(step);
      this.#suspicious?.push(step);
      yield;
    }
  }

  *#stepsOf(events: Events): Generator<Events> {
    if (events.length <= STEP_ROWS) yield events;
    else
      for (let from = 0; from < events.length; from += STEP_ROWS) {
        const length = Math.min(events.length - from, STEP_ROWS);
        yield copyRows(
          events,
          Uint32Array.from({ length }, (_, i) => from + i),
        );
      }
  }

  *#closeBucket(startMs: number): Generator<Step, void> {
    this.#events.onClosing?.();
    const closed = this.#bucket.take();
    yield;
    const isPartial = this.#isPartial;
    [this.#isPartial, this.#wasPartial] = [false, isPartial];
    // What is missing makes sums smaller than they were: the log as a whole is no longer one to judge.
    if (isPartial) this.#log.setIncomplete();
    const number = Math.round(startMs / this.#settings.bucketMs);
    yield* this.#judgeBucket(number, closed, this.#suspects(), isPartial ? PARTIAL : undefined);
  }

  /** Judges a bucket that several instances handed over, in steps. */
  *takeMerged({ number, parts, missing, suspects }: MergedBucket): Generator<Step, void> {
    const adopted = parts.map(({ instance, cube }) => ({ instance, cube: this.#log.adopt(cube) }));
    yield;
    // What is missing makes sums smaller than they were: the log as a whole is no longer one to judge.
    if (missing.length > 0) this.#log.setIncomplete();
    const cube = this.#log.together(adopted.map((part) => part.cube));
    yield* this.#judgeBucket(number, cube, suspects, { isPartial: false, fleet: { parts: adopted, missing } });
  }

  *#judgeBucket(
    number: number,
    cube: Cube,
    suspects: readonly Finding[],
    coverage: BucketCoverage = WHOLE,
  ): Generator<Step, void> {
    const startMs = number * this.#settings.bucketMs;
    const endMs = startMs + this.#settings.bucketMs;
    const closed = this.#log.add(number, cube);
    yield* this.#judge.close(number, closed, coverage);
    this.#merged = coverage.fleet === undefined ? undefined : suspects;
    const found = this.#judge.findings(suspects);
    const changes = this.journal.compare(found, endMs, this.#judge.regional.knownSinceMs);
    const told = this.#events.onBucket?.(startMs, changes);
    if (told !== undefined) yield told;
    yield* this.#judge.settleBucket(number);
    const { historyMs, maxHistoryBytes, bucketMs } = this.#settings;
    this.#log.drop(number + 1 - Math.ceil(historyMs / bucketMs), maxHistoryBytes);
    if (endMs % FORGET_MS === 0) this.#suspicious?.forgetBefore(endMs - Math.max(historyMs, 8 * FORGET_MS));
    const after = this.#events.afterBucket?.();
    if (after !== undefined) yield* after;
    yield;
  }

  #suspects(): readonly Finding[] {
    return this.#merged ?? this.#suspicious?.findings() ?? [];
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
