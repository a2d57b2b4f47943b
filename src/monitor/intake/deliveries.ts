/** Sources whose offsets are remembered; the one heard of longest ago is forgotten beyond. */
const MOST_SOURCES = 10_000;

/** A push of which some rows wait for their slice to close. */
interface Open {
  readonly offset: number;
  readonly nextOffset: number;
  readonly lastSlice: number;
}

/** Tells what was delivered before, by the offset of its source, and where a source must go on after a restart. */
export class Deliveries {
  readonly #next = new Map<string, number>();
  readonly #open = new Map<string, Open[]>();

  /**
   * How many of some rows that begin at an offset were taken before. Rows of a source come in the order of their offsets;
   * one of them counts as taken once a later one was.
   */
  known(source: string, offset: number, rows: number): number {
    const next = this.#next.get(source) ?? Number.NEGATIVE_INFINITY;
    return Math.max(0, Math.min(rows, next - offset));
  }

  /**
   * Notes that rows of a source were taken.
   *
   * @param lastSlice - when this slice is closed, none of them waits any more; Infinity where that is not known yet
   */
  take(source: string, offset: number, nextOffset: number, lastSlice: number): void {
    this.#setNext(source, nextOffset);
    const open = this.#open.get(source) ?? [];
    this.#open.set(source, open);
    open.push({ offset, nextOffset, lastSlice });
  }

  /** Notes in which slice the last is of the rows of a source that have waited to be read (`lastSlice` Infinity). */
  settleRead(source: string, lastSlice: number): void {
    const open = this.#open.get(source);
    if (open === undefined) return;
    for (let i = open.length - 1; i >= 0 && open[i]!.lastSlice === Number.POSITIVE_INFINITY; i--)
      open[i] = { ...open[i]!, lastSlice };
  }

  /** The offset behind the last row of a source that was taken; undefined where none was. */
  next(source: string): number | undefined {
    return this.#next.get(source);
  }

  #setNext(source: string, nextOffset: number): void {
    const known = this.#next.get(source);
    if (known === undefined && this.#next.size >= MOST_SOURCES) {
      const oldest = this.#next.keys().next().value!;
      this.#next.delete(oldest);
      this.#open.delete(oldest);
    }
    if (known === undefined || nextOffset > known) this.#next.set(source, nextOffset);
  }

  /** Forgets pushes of which all rows lie in closed slices. */
  settle(openSlice: number): void {
    for (const [source, open] of this.#open) {
      const first = open.findIndex(({ lastSlice }) => lastSlice >= openSlice);
      if (first < 0) this.#open.delete(source);
      else open.splice(0, first);
    }
  }

  /** Where each source is to go on, if all that waits were lost. */
  save(openSlice: number): readonly (readonly [source: string, nextOffset: number])[] {
    this.settle(openSlice);
    return Array.from(this.#next, ([source, next]) => [source, this.#open.get(source)?.[0]?.offset ?? next]);
  }

  restore(state: readonly (readonly [source: string, nextOffset: number])[]): void {
    this.#open.clear();
    this.#next.clear();
    for (const [source, nextOffset] of state) this.#setNext(source, nextOffset);
  }
}
