import type { Events } from "../../core/events.js";

/** What a thread makes of the events of each part that it reads. */
export interface ChunkWork {
  /** The events' memory is written to again afterwards, unless they are kept. */
  make(events: Events): unknown;
  /** Takes back what was made, which nobody reads any more. */
  reuse(made: unknown): void;
}

/** Work that threads do on the parts of a large file, so that less is left to the thread that asked for them. */
export interface ChunkPlan {
  /** What a thread is told, which makes its {@link ChunkWork} of it; threads count from 1, 0 is this one. */
  told(thread: number): object;
  /** This thread's own. */
  readonly work: ChunkWork;
  /** Takes a part; parts come in their order. What a thread has made is written to again afterwards. */
  take(part: MadePart): void;
}

/** The first part, which the thread that asked has read. */
export interface FirstPart {
  readonly events: Events;
  /** How many times as large as the part the file is. */
  readonly fileParts: number;
  /** The value that the reader has for the thread's code of a dimension. */
  readonly textOf: (dimension: string, code: number) => string;
}

/** A part, and what its thread has made of it. */
export interface MadePart {
  readonly isFirst: boolean;
  readonly made: unknown;
  /** 0 is the thread that asked. */
  readonly thread: number;
  readonly textOf: FirstPart["textOf"];
  /** If they are kept; overwritten once the next part is asked for. */
  readonly events: Events | undefined;
}

/** Makes plans for large files. */
export interface ChunkPlanner {
  /** The code of the threads: a file that calls `serveChunks`. */
  readonly worker: URL | undefined;
  /** Whether the events are handed over as well as what is made of them. */
  readonly keepsEvents: boolean;
  /** Whether anybody reads the names of users: else events have their hashes alone. */
  readonly keepsNames: boolean;
  /** The plan for a file that is read by so many threads, made when the first part's events are there. */
  plan(first: FirstPart, threads: number): ChunkPlan;
}
