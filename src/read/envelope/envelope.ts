/** A line that was inside of another, and what that tells of it. */
export interface InnerLine {
  readonly text: string;
  /** When the outer line was written, epoch milliseconds; NaN where it does not say. */
  readonly timeMs: number;
  /** Milliseconds east of UTC of the clock that wrote the outer line; NaN where it does not say. */
  readonly offsetMs: number;
  /** Whether the outer line was written as soon as the inner one: then their times tell the offset of the inner one's. */
  readonly isPrompt: boolean;
  /** Whether the line goes on in the next. */
  readonly isPartial?: boolean;
}

/** What a collector of logs puts around the lines of others. */
export interface Envelope {
  readonly name: string;
  /** The lines inside of a line; undefined if it is not wrapped so. */
  open(line: string): readonly InnerLine[] | undefined;
}
