import { closeSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { isoTime } from "../../core/time.js";
import type { FindingChange } from "../../monitor/journal/findingChange.js";
import { findingsJson } from "../../report/payloads/findingsJson.js";
import { cliError } from "../errors.js";
import { fileErrorReason } from "../output/fileErrorReason.js";
import { jsonText } from "../output/jsonText.js";

/** So much of the end of a journal is looked at for what was written before. */
const TAIL_BYTES = 1 << 20;
/** Lines that wait for a disk with room; the oldest are let go of beyond. */
const MOST_WAITING = 10_000;

/** Changes of findings as lines of NDJSON, appended to a file: what was written before a restart is not written twice. */
export class ChangeJournal {
  readonly #fd: number;
  readonly #path: string;
  readonly #warn: (text: string) => void;
  readonly #written: Set<string>;
  #waiting: string[] = [];
  #isFailing = false;

  /** Opens the file, or standard output for `-`. Throws `cannot-write`. */
  constructor(path: string, warn: (text: string) => void) {
    this.#path = path;
    this.#warn = warn;
    try {
      this.#fd = path === "-" ? 1 : openSync(path, "a+");
      this.#written = path === "-" ? new Set() : new Set(lastLines(this.#fd));
    } catch (error) {
      const reason = fileErrorReason(error);
      throw reason === undefined ? error : cliError("cannot-write", { path, reason }, error);
    }
  }

  write(change: FindingChange): void {
    const line = changeLine(change);
    if (this.#written.delete(line)) return;
    this.#waiting.push(line);
    this.#flush();
  }

  close(): void {
    this.#flush();
    if (this.#waiting.length > 0) this.#warn(`${this.#path}: ${this.#waiting.length} lines could not be written`);
    if (this.#fd !== 1) closeSync(this.#fd);
  }

  /** Writes what waits; a full disk keeps it waiting. */
  #flush(): void {
    const lines = this.#waiting;
    try {
      while (lines.length > 0) {
        writeWhole(this.#fd, `${lines[0]}\n`);
        lines.shift();
      }
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing) this.#warn(`${this.#path} cannot be written: ${fileErrorReason(error) ?? String(error)}`);
      this.#isFailing = true;
      if (lines.length > MOST_WAITING) this.#waiting = lines.slice(-MOST_WAITING);
    }
  }
}

/** One line of the journal, without its end. */
export function changeLine({ atMs, change, into, finding }: FindingChange): string {
  const [json] = findingsJson(NOTHING, [finding]).findings;
  return jsonText({ at: isoTime(atMs), change, ...(into !== undefined && { into }), finding: json }).trimEnd();
}

const NOTHING = { files: [], events: 0, rejected: 0, unlocated: 0, fromMs: null, toMs: null };

/** The last lines of a journal; ends one that a crash left unfinished. */
function lastLines(fd: number): string[] {
  const { size } = fstatSync(fd);
  const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
  const text = bytes.toString("utf8", 0, readSync(fd, bytes, 0, bytes.length, size - bytes.length));
  if (text !== "" && !text.endsWith("\n")) writeSync(fd, "\n");
  return text.split("\n");
}

/** A pipe takes a part, or nothing for now. */
function writeWhole(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(PAUSE, 0, 0, 5);
    }
  }
}

const PAUSE = new Int32Array(new SharedArrayBuffer(4));
