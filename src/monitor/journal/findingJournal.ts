import type { Finding } from "../../detect/finding.js";
import { sameIncident } from "../../detect/regional/incidents/sameIncident.js";
import type { FindingChange } from "./findingChange.js";

export interface JournalOptions {
  /** A finding is over once it has been quiet for so long, in milliseconds. */
  readonly resolveAfterMs: number;
  /** So many findings are remembered; of those beyond, the ones that are over longest are forgotten. */
  readonly mostFindings: number;
}

/** A finding that was told. */
export interface ToldFinding {
  /** As it was told last, and as it is known now. */
  readonly told: Finding;
  readonly latest: Finding;
  readonly isOpen: boolean;
}

/** What ended is remembered for so long after nothing is known of its time any more. */
const FORGET_MS = 86_400_000;
/** Observed and expected figures must change by this share for a finding to be told anew. */
const WORTH_TELLING = 0.5;

/** Compares what is found after each bucket with what was told before, and says what changed. */
export class FindingJournal {
  readonly #options: JournalOptions;
  readonly #told = new Map<string, ToldFinding>();
  /** The number of the next change. */
  next = 0;

  constructor(options: JournalOptions) {
    this.#options = options;
  }

  /** The findings that are open, as known now. */
  get open(): Finding[] {
    return [...this.#told.values()].filter(({ isOpen }) => isOpen).map(({ latest }) => latest);
  }

  /** All findings that are remembered: those that are open, and those that were not long ago. */
  get all(): Finding[] {
    return Array.from(this.#told.values(), ({ latest }) => latest);
  }

  /**
   * Takes all that is found by a time, and tells what changed.
   *
   * @param knownSinceMs - findings that ended before are no longer among `found`, and stay as they were told
   */
  compare(found: readonly Finding[], atMs: number, knownSinceMs = Number.NEGATIVE_INFINITY): FindingChange[] {
    const ids = new Set(found.map(({ id }) => id));
    const changes: Unnumbered[] = [];
    for (const [id, { latest }] of this.#told) {
      if (ids.has(id) || endOf(latest) < knownSinceMs) continue;
      this.#told.delete(id);
      changes.push(goneChange(latest, found, atMs));
    }
    for (const finding of found) changes.push(...this.#changesOf(finding, atMs));
    this.#forget(ids, knownSinceMs);
    return changes.map((change) => ({ number: this.next++, ...change }));
  }

  #changesOf(finding: Finding, atMs: number): Unnumbered[] {
    const { resolveAfterMs } = this.#options;
    const known = this.#told.get(finding.id);
    const isOver = endOf(finding) + resolveAfterMs <= atMs;
    const changes: Unnumbered[] = [];
    let { told, isOpen } = known ?? { told: finding, isOpen: true };
    if (known === undefined) changes.push({ atMs, change: "opened", finding });
    else if (isNews(told, finding) || (!isOpen && !isOver)) {
      changes.push({ atMs, change: "updated", finding });
      // What is over and is told better stays over.
      [told, isOpen] = [finding, isOpen || !isOver];
    }
    if (isOpen && isOver) {
      changes.push({ atMs, change: "resolved", finding });
      [told, isOpen] = [finding, false];
    }
    this.#told.set(finding.id, { told, latest: finding, isOpen });
    return changes;
  }

  /** Forgets, of what is no longer among the findings, what ended before anything was known of, and the oldest of too many. */
  #forget(found: ReadonlySet<string>, knownSinceMs: number): void {
    const over = [...this.#told].filter(([id, { isOpen }]) => !isOpen && !found.has(id));
    const excess = this.#told.size - this.#options.mostFindings;
    over.sort(([, a], [, b]) => endOf(a.latest) - endOf(b.latest));
    for (const [i, [id, { latest }]] of over.entries())
      if (i < excess || endOf(latest) < knownSinceMs - FORGET_MS) this.#told.delete(id);
  }

  /** What {@link restore} takes. */
  save(): readonly ToldFinding[] {
    return [...this.#told.values()];
  }

  restore(told: readonly ToldFinding[], next: number): void {
    this.next = next;
    for (const one of told) this.#told.set(one.latest.id, one);
  }
}

type Unnumbered = Omit<FindingChange, "number">;

const endOf = ({ endMs }: Finding): number => endMs ?? Number.POSITIVE_INFINITY;

/** What became of a finding that is no longer found: it is a part of another, or nothing. */
function goneChange(finding: Finding, found: readonly Finding[], atMs: number): Unnumbered {
  const whole = found.find((other) => other.kind === finding.kind && sameIncident(finding, other));
  if (whole === undefined) return { atMs, change: "withdrawn", finding };
  return { atMs, change: "merged", into: whole.id, finding };
}

/** Whether a finding differs from what was told of it in more than its figures, or these by much. */
function isNews(told: Finding, now: Finding): boolean {
  if (told === now) return false;
  if (told.severity !== now.severity || told.region.name !== now.region.name || told.subtype !== now.subtype)
    return true;
  if (told.startMs !== now.startMs || told.detectedAtMs !== now.detectedAtMs) return true;
  if (JSON.stringify(told.dimensions) !== JSON.stringify(now.dimensions)) return true;
  return hasMoved(told.observed, now.observed) || hasMoved(told.expected, now.expected);
}

const hasMoved = (before: number, now: number): boolean =>
  Math.abs(now - before) > WORTH_TELLING * Math.max(1, Math.abs(before));
