import { isoTime } from "../../core/time.js";
import type { FindingChange } from "../../monitor/journal/findingChange.js";
import { printable } from "../output/printable.js";

/** A change of a finding in a line for people. */
export function changeText({ atMs, change, into, finding }: FindingChange): string {
  const what = into === undefined ? change : `${change} into ${into}`;
  return `${isoTime(atMs).slice(0, 16)}Z ${what.padEnd(9)} ${finding.severity.padEnd(8)} ${printable(finding.title)}`;
}

/** The same is said no more often than this. */
const PAUSE_MS = 60_000;
const MOST_TEXTS = 1_000;

/** What a service says of itself: not the same again and again. */
export class Stderr {
  readonly #said = new Map<string, number>();

  /** Says that something is not as it should be. */
  readonly warn = (text: string): void => {
    const now = Date.now();
    if ((this.#said.get(text) ?? Number.NEGATIVE_INFINITY) + PAUSE_MS > now) return;
    if (this.#said.size > MOST_TEXTS) this.#said.clear();
    this.#said.set(text, now);
    this.note(text);
  };

  note(text: string): void {
    process.stderr.write(`geopivot: ${printable(text)}\n`);
  }
}
