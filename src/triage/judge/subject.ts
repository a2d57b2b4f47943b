import type { Finding, Severity } from "../../detect/finding.js";
import type { AlertLoss } from "../alert.js";
import type { RegionFacts } from "./regionFacts.js";

/** A finding as the policy sees it. */
export interface Subject {
  readonly finding: Finding;
  /** As the policy judges it. */
  readonly severity: Severity;
  readonly loss: AlertLoss;
  readonly place: RegionFacts;
  /** Dimension → value that it is confined to, or that carries it. */
  readonly values: ReadonlyMap<string, string>;
  readonly tiers: readonly string[];
  /** Who else saw it; null where no events of others were given. */
  readonly secondOpinion: string | null;
  readonly seenByOthers: boolean | null;
  /** So far; null: it lasts. */
  readonly endMs: number | null;
  /** Each rule that touched it, in order. */
  readonly why: readonly string[];
}
