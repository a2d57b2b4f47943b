import type { Events } from "../../core/events.js";
import type { RejectReason } from "../../read/readReport.js";
import { monitorError } from "../errors.js";
import type { CountersState } from "../health/monitorCounters.js";
import { knownInput, type MonitorInput, type PushOptions, rowsOf, withoutFirst } from "../monitorInput.js";
import type { MonitorOptions, MonitorSettings } from "../monitorOptions.js";
import { Inputs } from "./inputs.js";
import type { Intake } from "./intake.js";

/** What became of a push. */
export interface PushResult {
  /** Rows given. */
  readonly rows: number;
  /** Rows among them that were delivered before. */
  readonly duplicates: number;
  /** Lines and objects among them that are no events. */
  readonly rejected: number;
  /** Whether the caller had better wait for `drained()` before the next push, lest events are dropped. */
  readonly isFull: boolean;
}

/** Takes what is pushed: what came before is left out, what is no event is counted, and the rest goes to the intake. */
export class Pushes {
  readonly #options: MonitorOptions;
  readonly #settings: MonitorSettings;
  readonly #counts: CountersState;
  readonly #inputs: Inputs;
  readonly #intake: () => Intake;
  /** The last slice that the events of this push are in. */
  #lastSlice = Number.NEGATIVE_INFINITY;

  /** @param intake - the one that is in use: another after a state was refused */
  constructor(options: MonitorOptions, settings: MonitorSettings, counts: CountersState, intake: () => Intake) {
    this.#options = options;
    this.#settings = settings;
    this.#counts = counts;
    this.#intake = intake;
    this.#inputs = new Inputs(options, settings.readDimensions, (reason) => this.#reject(reason));
  }

  /** Objects that wait to be read. */
  get waiting(): number {
    return this.#inputs.length;
  }

  push(input: MonitorInput, { source = "", offset, nextOffset }: PushOptions): PushResult {
    const known = knownInput(input);
    const rows = rowsOf(known);
    const { deliveries } = this.#intake();
    const next = nextOffset ?? (offset ?? 0) + rows;
    const taken = offset === undefined ? 0 : deliveries.known(source, offset, next - offset);
    // Offsets that count something else than rows say of the whole alone whether it came before.
    const duplicates = offset === undefined ? 0 : next - offset === rows ? taken : taken === next - offset ? rows : 0;
    this.#counts.dropped.duplicate += duplicates;
    const before = this.#rejected;
    this.#lastSlice = Number.NEGATIVE_INFINITY;
    if (duplicates < rows) {
      const fresh = withoutFirst(known, duplicates);
      const from = fresh.kind === "events" ? duplicates : 0;
      this.#inputs.read(fresh, source, (events, at) => this.#take(events, at, from));
    }
    // Objects are read by the hundred: until then nobody knows in which slice they are.
    const lastSlice = this.waiting > 0 ? Number.POSITIVE_INFINITY : this.#lastSlice;
    if (offset !== undefined) deliveries.take(source, offset, next, lastSlice);
    const isFull = this.#intake().buffered >= this.#settings.maxBufferedEvents / 2;
    return { rows, duplicates, rejected: this.#rejected - before, isFull };
  }

  /** Reads the objects that wait. */
  drain(): void {
    this.#inputs.drain((events, source) => this.#take(events, source, 0));
  }

  #take(events: Events, source: string, from: number): void {
    if (events.places !== this.#options.locator.places) throw monitorError("foreign-places", { source });
    const intake = this.#intake();
    this.#counts.accepted += intake.take(events, source, from);
    this.#lastSlice = Math.max(this.#lastSlice, intake.latestSlice);
    intake.deliveries.settleRead(source, intake.latestSlice);
  }

  #reject(reason: RejectReason): void {
    this.#counts.rejected[reason] = (this.#counts.rejected[reason] ?? 0) + 1;
  }

  get #rejected(): number {
    return Object.values(this.#counts.rejected).reduce((sum, count) => sum + count, 0);
  }
}
