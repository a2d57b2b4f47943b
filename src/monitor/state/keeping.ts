import type { CountersState } from "../health/monitorCounters.js";
import type { GapState } from "../intake/dataGap.js";
import type { ClosedSlice, Intake } from "../intake/intake.js";
import type { LiveChain } from "../liveChain.js";
import type { MonitorOptions, MonitorSettings } from "../monitorOptions.js";
import { type Resumed, resume } from "./resume.js";
import { savedBucket } from "./savedBucket.js";
import { type KeptState, StateKeeper } from "./stateKeeper.js";

/** The parts of a monitor that are saved. */
export interface Kept {
  readonly judgedMs: number;
  readonly counts: CountersState;
  readonly intake: Intake;
  readonly chain: LiveChain;
}

/** When a monitor's state is written, and how it is gone on from. */
export class Keeping {
  readonly #settings: MonitorSettings;
  readonly #options: MonitorOptions;
  readonly #keeper: StateKeeper;
  #snapshotMs: number | null = null;
  /** The bucket after the last that is in a file. */
  #savedTo = Number.NEGATIVE_INFINITY;

  constructor(
    options: MonitorOptions,
    settings: MonitorSettings,
    onTrouble: (error: unknown, sentence: string) => void,
  ) {
    this.#options = options;
    this.#settings = settings;
    const { bucketMs, readDimensions, dimensions } = settings;
    const { resolution = 4, errors = "default", measures = "default" } = options;
    const made = JSON.stringify({
      bucketSeconds: bucketMs / 1000,
      resolution,
      dimensions,
      readDimensions,
      errors: String(errors),
      measures: String(measures),
    });
    this.#keeper = new StateKeeper({
      dir: options.state!,
      locator: options.locator,
      made,
      maxJournalBytes: settings.maxJournalBytes,
      onTrouble,
    });
  }

  /**
   * Goes on from what was kept; the number of the first change that nobody was told of. Undefined where there was nothing to go
   * on from.
   *
   * @param make - the parts, made for what was kept
   */
  resume(make: (kept: KeptState) => Pick<Resumed, "chain" | "intake" | "counts">): number | undefined {
    const kept = this.#keeper.load();
    if (kept === null) return undefined;
    const { bucketMs, sliceMs } = this.#settings;
    const measures = (this.#options.measures ?? []).filter((measure) => typeof measure !== "string");
    try {
      const parts = make(kept);
      const untold = resume(kept, this.#keeper, {
        ...parts,
        slicesPerBucket: Math.round(bucketMs / sliceMs),
        measures,
      });
      this.gap(parts.intake.gap.save());
      this.#snapshotMs = kept.state?.judgedMs ?? null;
      if (kept.state?.judgedMs) this.#savedTo = Math.round(kept.state.judgedMs / bucketMs);
      return untold;
    } catch (error) {
      this.#keeper.refuse(error);
      return undefined;
    }
  }

  /** Notes a slice that was counted. */
  slice({ slice, events }: ClosedSlice): void {
    if (events !== null) this.#keeper.slice(slice, events);
  }

  /** Notes where a gap begins or ends. */
  gap(gap: GapState | null): void {
    if (gap !== null) void this.#keeper.append({ kind: "gap", gap });
  }

  /** Notes a bucket, tells what it brought, and notes that it was told. */
  async bucket(kept: Kept, tell: () => void): Promise<void> {
    const { bucketMs } = this.#settings;
    const { journal } = kept.chain;
    const number = Math.round(kept.judgedMs / bucketMs) - 1;
    const { next: nextChange } = journal;
    const counts = settled(kept);
    await this.#keeper.append({ kind: "bucket", number, nextChange, intake: kept.intake.save(), counts });
    tell();
    await this.#keeper.append({ kind: "told", nextChange });
  }

  /** Writes a snapshot where one is due, in steps during which no bucket may be taken. */
  *snapshot(kept: Kept): Generator<void, void> {
    this.#snapshotMs ??= kept.judgedMs;
    if (kept.judgedMs - this.#snapshotMs < this.#settings.snapshotMs) return;
    const { judgedMs, intake, chain } = kept;
    const { bucketMs, historyMs, snapshotMs } = this.#settings;
    const buckets = chain.log.buckets.filter(({ number }) => number >= this.#savedTo);
    const state = { ...chain.save(), counts: settled(kept), intake: intake.save(), judgedMs };
    yield* this.#keeper.snapshot(
      state,
      () => chain.users,
      buckets.flatMap((bucket) => savedBucket(bucket) ?? []),
    );
    this.#keeper.waiting(intake.returned(), intake.save());
    this.#keeper.dropBuckets(Math.ceil(historyMs / snapshotMs) + 1);
    this.#snapshotMs = judgedMs;
    this.#savedTo = Math.round(judgedMs / bucketMs);
  }

  /** Keeps what waits for its time to be complete; resolves when all is written. */
  async close(intake: Intake): Promise<void> {
    this.#keeper.waiting(intake.waiting(), intake.save(true));
    await this.#keeper.settled();
  }
}

/** Counts without the events that wait, which are lost in a crash and come again. */
function settled({ counts, intake }: Kept): CountersState {
  return { ...structuredClone(counts), accepted: counts.accepted - intake.buffered };
}
