import type { Theme } from "../map/palette.js";
import type { MeasureId } from "../measures.js";
import type { SeverityName } from "../severity.js";
import { type FrameRange, isSameRange } from "./timeRange.js";

/** What the reader has chosen. */
export interface ReportState {
  readonly measure: MeasureId;
  /** The time shown, or null for the whole period. */
  readonly range: FrameRange | null;
  /** The finding selected, by its position, or null. */
  readonly finding: number | null;
  /** The finding that is pointed at, in the list or on the map, by its position, or null. */
  readonly pointed: number | null;
  readonly theme: Theme;
  /** The severities whose findings are listed. */
  readonly severities: readonly SeverityName[];
  /** What the steering tab shows; null while another tab is open. */
  readonly steering: SteeringChoice | null;
}

/** Servers by position. */
export interface SteeringChoice {
  readonly view: "today" | "planned";
  /** Ascending. */
  readonly lost: readonly number[];
  /** Whose load is drawn. */
  readonly server: number;
}

type Listener = (state: ReportState, changed: (key: keyof ReportState) => boolean) => void;

/** The one place where the reader's choices are kept; every view listens to it and draws what it says. */
export class Store {
  #state: ReportState;
  readonly #listeners: Listener[] = [];

  constructor(state: ReportState) {
    this.#state = state;
  }

  get state(): ReportState {
    return this.#state;
  }

  /** Changes some choices; listeners hear of it only if one really changed. */
  set(patch: Partial<ReportState>): void {
    const before = this.#state;
    this.#state = { ...before, ...patch };
    if (isSameRange(before.range, this.#state.range)) this.#state = { ...this.#state, range: before.range };
    const changed = (key: keyof ReportState): boolean => before[key] !== this.#state[key];
    if (!(Object.keys(patch) as (keyof ReportState)[]).some(changed)) return;
    for (const listener of this.#listeners) listener(this.#state, changed);
  }

  /** Calls the listener now, with everything changed, and after every change. */
  listen(listener: Listener): void {
    this.#listeners.push(listener);
    listener(this.#state, () => true);
  }
}
