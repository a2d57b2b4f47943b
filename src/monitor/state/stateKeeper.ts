import type { Dictionary } from "../../core/dictionary.js";
import { isGeopivotError } from "../../core/errors.js";
import type { Events } from "../../core/events.js";
import type { ColumnLocator } from "../../read/columns/eventColumns.js";
import { monitorError } from "../errors.js";
import type { IntakeState } from "../intake/intake.js";
import { EventsReader, type EventsRecord, EventsWriter } from "./eventRecords.js";
import { type JournalRecord, type MonitorState, upgradedState } from "./monitorState.js";
import { packState, packSteps } from "./packState.js";
import type { SavedBucket } from "./savedBucket.js";
import { STATE_VERSION, StateStore } from "./stateStore.js";

/** What was kept, as far as it can be gone on from. */
export interface KeptState {
  readonly state: MonitorState | null;
  /** Buckets, oldest first: as this version saves them, or cubes of several, saved as cubes are. */
  readonly buckets: readonly (SavedBucket | Uint8Array)[];
  /** What was known of users when the first of the journals began. */
  readonly users: Uint8Array | null;
  /** Pieces of the journals that the snapshot knows already, and those that came after it. */
  readonly before: Iterable<JournalRecord>;
  readonly after: Iterable<JournalRecord>;
}

export interface KeeperOptions {
  readonly dir: string;
  readonly locator: ColumnLocator;
  /** What a state must have been made with. */
  readonly made: string;
  /** Bytes of journals that are kept, about: what was seen of users and addresses is read from them again after a restart. */
  readonly maxJournalBytes: number;
  /** Told once of each trouble. */
  readonly onTrouble: (error: unknown, sentence: string) => void;
}

/** Slices of more events than this are written before their bucket closes: some megabytes. */
const MOST_ROWS = 32_768;

/** Keeps a monitor's state in a folder: a snapshot now and then, and between them a journal. */
export class StateKeeper {
  readonly #options: KeeperOptions;
  readonly #store: StateStore | undefined;
  #number = 0;
  #base = 0;
  #writer = new EventsWriter();
  #journalBytes = 0;
  #isBroken = false;
  /** Slices that are still to be written. */
  readonly #slices: JournalRecord[] = [];
  #sliceRows = 0;

  constructor(options: KeeperOptions) {
    this.#options = options;
    try {
      this.#store = new StateStore(options.dir);
    } catch (error) {
      this.#trouble(error, `no state is kept: ${options.dir} cannot be made`);
    }
  }

  /** The number of the next snapshot, and the first journal that is needed. */
  get base(): number {
    return this.#base;
  }

  /** What was kept. Null where there is nothing, or nothing to go on from: that is put aside, and the reason told. */
  load(): KeptState | null {
    const store = this.#store;
    if (store === undefined) return null;
    try {
      return this.#load(store);
    } catch (error) {
      this.refuse(error);
      return null;
    }
  }

  /** Puts the state aside that cannot be gone on from, and begins anew. */
  refuse(error: unknown): void {
    const sentence = isGeopivotError(error)
      ? error.message
      : `the state in ${this.#options.dir} cannot be read: ${error}`;
    [this.#number, this.#base] = [0, 0];
    this.#trouble(error, `${sentence}; it is put aside, and the monitor starts without a past`);
    try {
      this.#store?.setAside();
    } catch (cause) {
      this.#isBroken = true;
      this.#trouble(cause, `the state in ${this.#options.dir} cannot be put aside, and none is kept`);
    }
  }

  #load(store: StateStore): KeptState | null {
    const last = store.numbers("snapshot").at(-1);
    if (last === undefined && store.numbers("journal").length === 0) return null;
    const known = last ?? 0;
    // What follows goes to a file of its own: a crash may have cut the last one short.
    this.#number = Math.max(known, ...store.numbers("journal")) + 1;
    const state = last === undefined ? null : this.#snapshot(store, last);
    this.#base = state?.base ?? 0;
    const journals = store.numbers("journal").filter((number) => number >= this.#base);
    const records = (numbers: readonly number[]): JournalRecord[] =>
      numbers.flatMap((number) => this.#records(store, number));
    return {
      state,
      buckets: store
        .numbers("buckets")
        .filter((number) => number <= known)
        .flatMap((number) => piecesOf(store, "buckets", number)) as (SavedBucket | Uint8Array)[],
      users: (piecesOf(store, "users", this.#base)[0] as Uint8Array | undefined) ?? null,
      before: records(journals.filter((number) => number < known)),
      after: records(journals.filter((number) => number >= known)),
    };
  }

  #snapshot(store: StateStore, number: number): MonitorState {
    const file = store.path("snapshot", number);
    for (const { version, value } of store.read("snapshot", number)) {
      const state = upgradedState(value, version, STATE_VERSION, file);
      if (state.made !== this.#options.made)
        throw monitorError("bad-monitor-state", {
          file,
          why: `it was made with ${state.made}, not ${this.#options.made}`,
        });
      return state;
    }
    throw monitorError("bad-monitor-state", { file, why: "it is empty" });
  }

  #records(store: StateStore, number: number): JournalRecord[] {
    return piecesOf(store, "journal", number).flat() as JournalRecord[];
  }

  /** Events of journals, which name what they have in common once a file. @param dictionaries - those they are to have */
  reader(dictionaries: ReadonlyMap<string, Dictionary>): (record: JournalRecord) => Events | null {
    const { locator } = this.#options;
    let reader = new EventsReader(locator, dictionaries);
    return (record) => {
      if (record.kind !== "slice" && record.kind !== "waiting") return null;
      const events = record.events as EventsRecord;
      if (record.isFirst) reader = new EventsReader(locator, dictionaries);
      return reader.events(events);
    };
  }

  /** Notes a slice that was counted: written with others of its bucket, as packing costs the more the smaller the pieces are. */
  slice(slice: number, events: Events): void {
    if (this.#store === undefined) return;
    const isFirst = this.#writer.isNew;
    this.#slices.push({ kind: "slice", slice, isFirst, events: this.#writer.record(events) });
    this.#sliceRows += events.length;
    if (this.#sliceRows >= MOST_ROWS) void this.#flush();
  }

  /** Writes the slices that were noted. */
  async #flush(): Promise<void> {
    const slices = this.#slices.splice(0);
    this.#sliceRows = 0;
    if (slices.length > 0) await this.#append(slices);
  }

  /** Notes events that wait for their slices to be complete, and that no source brings again. */
  waiting(all: readonly Events[], intake: IntakeState): void {
    void this.#flush();
    for (const [i, events] of all.entries()) {
      const isFirst = this.#writer.isNew;
      const isLast = i === all.length - 1;
      void this.#append({ kind: "waiting", isFirst, events: this.#writer.record(events), intake, isLast });
    }
  }

  /** Notes something else; resolves when it is written, or cannot be. */
  async append(record: JournalRecord): Promise<void> {
    const flushed = this.#flush();
    await this.#append(record);
    await flushed;
  }

  async #append(record: JournalRecord | readonly JournalRecord[]): Promise<void> {
    if (this.#store === undefined || this.#isBroken) return;
    const number = this.#number;
    try {
      this.#journalBytes += await this.#store.append("journal", number, record);
    } catch (error) {
      if (this.#isBroken) return;
      this.#isBroken = true;
      this.#trouble(error, `the journal in ${this.#options.dir} cannot be written; the next snapshot is tried again`);
    }
  }

  /**
   * Copies a snapshot's columns, in steps during which nothing of it may change, and writes it beside what goes on.
   *
   * @param users - what is known of users, asked for where the journals up to now are to be let go of
   * @param buckets - the buckets that closed since the last snapshot
   */
  *snapshot(
    state: Omit<MonitorState, "base" | "made">,
    users: () => Uint8Array | null,
    buckets: readonly SavedBucket[],
  ): Generator<void, void> {
    const store = this.#store;
    if (store === undefined) return;
    void this.#flush();
    const before = this.#base;
    const number = ++this.#number;
    const isLong = this.#journalBytes > this.#options.maxJournalBytes / 2 || this.#isBroken;
    const known = isLong ? users() : null;
    if (isLong) this.#base = number;
    // The journals of half as many bytes stay, so that there is always some past of addresses.
    const base = isLong && !this.#isBroken ? before : this.#base;
    this.#writer = new EventsWriter();
    if (isLong) this.#journalBytes = 0;
    this.#isBroken = false;
    const packed = yield* packSteps({ ...state, base, made: this.#options.made });
    const pieces: Uint8Array[] = [];
    for (const bucket of buckets) pieces.push(yield* packSteps(bucket));
    void this.#write(store, number, base, packed, known, pieces);
  }

  async #write(
    store: StateStore,
    number: number,
    base: number,
    packed: Uint8Array,
    users: Uint8Array | null,
    buckets: readonly Uint8Array[],
  ): Promise<void> {
    try {
      if (users !== null) await store.write("users", number, [packState(users)]);
      if (buckets.length > 0) await store.write("buckets", number, buckets);
      await store.write("snapshot", number, [packed]);
      await store.dropBefore("snapshot", number);
      await store.dropBefore("journal", base);
      await store.dropBefore("users", base);
    } catch (error) {
      this.#trouble(error, `a snapshot cannot be written to ${this.#options.dir}; the one before stays`);
    }
  }

  /** Lets bucket files go that are older than a number of snapshots. */
  dropBuckets(snapshots: number): void {
    void this.#store?.dropBefore("buckets", this.#number - snapshots).catch(() => {});
  }

  async settled(): Promise<void> {
    await this.#flush();
    await this.#store?.settled();
  }

  #trouble(error: unknown, sentence: string): void {
    this.#options.onTrouble(error, sentence);
  }
}

function piecesOf(store: StateStore, kind: "journal" | "buckets" | "users", number: number): unknown[] {
  return Array.from(store.read(kind, number), ({ value }) => value);
}
