import type { Finding } from "../../detect/finding.js";

/** What can become of a finding. */
export type ChangeKind = "opened" | "updated" | "resolved" | "withdrawn" | "merged";

/** One entry of the journal: what became of a finding, and when that was known. */
export interface FindingChange {
  /**
   * Changes are numbered from 0, restarts included: after a crash the last ones may be told again, under the same numbers.
   */
  readonly number: number;
  /** Epoch milliseconds of event time: the end of the bucket after which it was told. */
  readonly atMs: number;
  /**
   * `opened`: told for the first time. `updated`: graver, milder, larger, or it goes on after it seemed over. `resolved`: over.
   * `merged`: found to be a part of another, named by `into`. `withdrawn`: taken back by what came later.
   */
  readonly change: ChangeKind;
  /** The finding that it is part of, where it is `merged`. */
  readonly into?: string;
  readonly finding: Finding;
}
