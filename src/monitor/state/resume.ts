import type { Events } from "../../core/events.js";
import { Cube } from "../../cube/cube.js";
import type { AnyMeasure } from "../../cube/measures/measure.js";
import type { CountersState } from "../health/monitorCounters.js";
import type { Intake } from "../intake/intake.js";
import type { LiveChain } from "../liveChain.js";
import type { JournalRecord } from "./monitorState.js";
import { bucketOf } from "./savedBucket.js";
import type { KeptState, StateKeeper } from "./stateKeeper.js";

/** The parts of a monitor that go on from what was kept. */
export interface Resumed {
  readonly chain: LiveChain;
  readonly intake: Intake;
  readonly counts: CountersState;
  /** Slices in a bucket. */
  readonly slicesPerBucket: number;
  /** Measures of the caller's own that saved cubes may have. */
  readonly measures: readonly AnyMeasure[];
}

/**
 * Goes on where a monitor was stopped: takes the snapshot, shows the detectors of users and addresses what they saw before
 * it, and does again what the journal says came after it. Returns the number of the first change that nobody was told of.
 */
export function resume(kept: KeptState, keeper: StateKeeper, resumed: Resumed): number {
  const { chain, intake, counts } = resumed;
  const { state } = kept;
  if (state !== null) {
    Object.assign(counts, state.counts);
    intake.restore(state.intake);
    chain.restore(state, bucketsOf(kept.buckets, resumed));
  }
  const eventsOf = keeper.reader(intake.dictionaries);
  for (const record of kept.before) {
    const events = eventsOf(record);
    if (events !== null) chain.seeUsers(events);
  }
  const replay = new Replay(resumed, state?.nextChange ?? 0);
  for (const record of kept.after) replay.take(record, eventsOf(record));
  intake.resume();
  return replay.firstUntold;
}

/** Single buckets out of cubes of several, oldest first. */
function* bucketsOf(
  kept: KeptState["buckets"],
  { measures, chain }: Resumed,
): Generator<{ number: number; cube: Cube }> {
  const { tables } = chain.log;
  for (const one of kept) {
    if (!(one instanceof Uint8Array)) {
      yield { number: one.number, cube: bucketOf(one, tables) };
      continue;
    }
    const cube = Cube.load(one, { measures });
    const { bucketMs } = cube;
    for (const t of new Set(cube.groups.bucket)) {
      const fromMs = cube.originMs + t * bucketMs;
      const single = cube.slice({ fromMs, toMs: fromMs + bucketMs });
      yield { number: Math.round(fromMs / bucketMs), cube: chain.log.adopt(single) };
    }
  }
}

class Replay {
  readonly #resumed: Resumed;
  /** The next slice to count. */
  #next: number | undefined;
  readonly #waiting: Events[] = [];
  firstUntold: number;

  constructor(resumed: Resumed, firstUntold: number) {
    this.#resumed = resumed;
    this.firstUntold = firstUntold;
    const { openSlice } = resumed.intake;
    if (Number.isFinite(openSlice)) this.#next = openSlice;
  }

  take(record: JournalRecord, events: Events | null): void {
    const { intake, counts, slicesPerBucket } = this.#resumed;
    if (record.kind === "told") this.firstUntold = record.nextChange;
    else if (record.kind === "bucket") {
      this.#countTo((record.number + 1) * slicesPerBucket);
      Object.assign(counts, record.counts);
      intake.restore({ ...record.intake, openSlice: this.#next ?? null });
    } else if (record.kind === "slice") {
      this.#next ??= record.slice;
      this.#countTo(record.slice);
      if (record.slice === this.#next) this.#count(events);
      counts.accepted += events?.length ?? 0;
    } else if (record.kind === "gap") intake.gap.restore(record.gap);
    else if (record.kind === "waiting" && events !== null) this.#putBack(events, record);
  }

  /** What waited is there again once the last of it is: before that the sources bring it anew. */
  #putBack(events: Events, { intake: state, isLast = true }: JournalRecord & { readonly kind: "waiting" }): void {
    this.#waiting.push(events);
    if (!isLast) return;
    const { intake, counts } = this.#resumed;
    intake.restore(state);
    for (const one of this.#waiting.splice(0)) {
      intake.putBack(one);
      counts.accepted += one.length;
    }
  }

  #countTo(slice: number): void {
    while (this.#next !== undefined && this.#next < slice) this.#count(null);
  }

  #count(events: Events | null): void {
    const slice = this.#next!;
    this.#next = slice + 1;
    const { chain, intake, counts } = this.#resumed;
    counts.accepted -= intake.skipTo(this.#next);
    for (const _ of chain.takeSlice({ slice, events, isPartial: intake.gap.covers(slice) }));
  }
}
