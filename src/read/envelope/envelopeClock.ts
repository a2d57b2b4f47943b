import type { LocalToUtc } from "../fields/timeBytes.js";
import type { InnerLine } from "./envelope.js";

const STEP_MS = 15 * 60_000;
const MAX_OFFSET_MS = 14 * 3_600_000;
/** A line is written no later than this after the time in it, or its offset is not told from that. */
const MAX_DELAY_MS = 5 * 60_000;

/** Knows when the outer line was written of the line that is being read. */
export class EnvelopeClock {
  readonly #localToUtc: LocalToUtc | undefined;
  /** Lines met so far, the one being read included. */
  #line: () => number = () => 1;
  #firstLine = 1;
  #lines: InnerLine[] = [];

  /** @param localToUtc - for times whose offset the outer line does not tell either */
  constructor(localToUtc: LocalToUtc | undefined) {
    this.#localToUtc = localToUtc;
  }

  /** Says where lines are counted. */
  follow(line: () => number): void {
    this.#line = line;
  }

  /** Adds the lines that come next, and forgets those that were read. */
  push(lines: readonly InnerLine[]): void {
    const read = this.#line() - this.#firstLine + 1;
    this.#lines.splice(0, Math.max(0, Math.min(read, this.#lines.length)));
    this.#firstLine += Math.max(0, read);
    this.#lines.push(...lines);
  }

  /** When the line that is being read was written; NaN if nobody says. */
  timeMs(): number {
    return this.#current()?.timeMs ?? Number.NaN;
  }

  /** Epoch milliseconds of a time without offset in the line that is being read. */
  toUtc(wallMs: number): number {
    const line = this.#current();
    if (line !== undefined && !Number.isNaN(line.offsetMs)) return wallMs - line.offsetMs;
    if (line?.isPrompt === true && !Number.isNaN(line.timeMs)) {
      const offsetMs = Math.round((wallMs - line.timeMs) / STEP_MS) * STEP_MS;
      if (Math.abs(offsetMs) <= MAX_OFFSET_MS && Math.abs(wallMs - offsetMs - line.timeMs) <= MAX_DELAY_MS)
        return wallMs - offsetMs;
    }
    return this.#localToUtc === undefined ? wallMs : this.#localToUtc(wallMs);
  }

  #current(): InnerLine | undefined {
    const at = this.#line() - this.#firstLine;
    return this.#lines[Math.min(Math.max(0, at), this.#lines.length - 1)];
  }
}
