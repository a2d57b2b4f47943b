import type { RegionalState } from "../../detect/regional/live/regionalState.js";
import { monitorError } from "../errors.js";
import type { CountersState } from "../health/monitorCounters.js";
import type { GapState } from "../intake/dataGap.js";
import type { IntakeState } from "../intake/intake.js";
import type { ToldFinding } from "../journal/findingJournal.js";

/** What a snapshot holds beside its bucket files. */
export interface MonitorState {
  /** What must be the same for the state to mean anything: how buckets are cut and counted. */
  readonly made: string;
  readonly counts: CountersState;
  readonly told: readonly ToldFinding[];
  /** The number of the next change. */
  readonly nextChange: number;
  readonly intake: IntakeState;
  /** End of the last bucket that was judged. */
  readonly judgedMs: number | null;
  readonly regional: RegionalState | null;
  /** Whether the buckets are all there ever were. */
  readonly isWhole: boolean;
  /** A cube without groups, of which the tables count. */
  readonly tables: Uint8Array;
  /** The first of the journals and files of users that are needed. */
  readonly base: number;
}

/** A piece of a journal. */
export type JournalRecord =
  | {
      readonly kind: "slice";
      readonly slice: number;
      /** Whether it is the first of its file. */
      readonly isFirst: boolean;
      readonly events: unknown;
    }
  | {
      readonly kind: "bucket";
      /** Counted from 1970. */
      readonly number: number;
      /** The number of the change after the last that the bucket brought. */
      readonly nextChange: number;
      readonly intake: IntakeState;
      readonly counts: CountersState;
    }
  /** What waited when the monitor was closed, a slice a record: it counts once the last of them is there. */
  | {
      readonly kind: "waiting";
      readonly isFirst: boolean;
      readonly events: unknown;
      readonly intake: IntakeState;
      readonly isLast?: boolean;
    }
  /** Slices of which part is not known. */
  | { readonly kind: "gap"; readonly gap: GapState | null }
  /** Changes up to a number were told. */
  | { readonly kind: "told"; readonly nextChange: number };

type AnyState = Record<string, unknown>;

/** What makes a state of one version one of the next. */
const UPGRADES: Readonly<Record<number, (state: AnyState) => AnyState>> = {
  // Version 1 did not number changes, and knew of a finding only what was told last.
  1: (state) => ({
    ...state,
    nextChange: (state.counts as CountersState).changes,
    told: (state.told as { finding: unknown; isOpen: boolean }[]).map(({ finding, isOpen }) => ({
      told: finding,
      latest: finding,
      isOpen,
    })),
  }),
};

/** A state of any version as one of this. Throws `bad-monitor-state` where it lacks what every version has. */
export function upgradedState(value: unknown, version: number, current: number, file: string): MonitorState {
  if (typeof value !== "object" || value === null || !("made" in value && "counts" in value && "told" in value))
    throw monitorError("bad-monitor-state", { file, why: "it lacks what every state has" });
  let state = value as AnyState;
  for (let from = version; from < current; from++) state = UPGRADES[from]!(state);
  return state as unknown as MonitorState;
}
