/** Sources whose offsets are remembered; the one heard of longest ago is forgotten beyond. */
const MOST_SOURCES = 10_000;

/** Tells what was delivered before, by the offset of its source. */
export class Deliveries {
  readonly #next = new Map<string, number>();

  /**
   * How many of some rows that begin at an offset were taken before. Rows of a source come in the order of their offsets;
   * one of them counts as taken once a later one was.
   */
  known(source: string, offset: number, rows: number): number {
    const next = this.#next.get(source) ?? Number.NEGATIVE_INFINITY;
    return Math.max(0, Math.min(rows, next - offset));
  }

  /** Notes that the rows of a source before an offset were taken. */
  take(source: string, nextOffset: number): void {
    const known = this.#next.get(source);
    if (known === undefined && this.#next.size >= MOST_SOURCES) this.#next.delete(this.#next.keys().next().value!);
    if (known === undefined || nextOffset > known) this.#next.set(source, nextOffset);
  }

  /** The offset at which a source goes on; undefined if none was told. */
  next(source: string): number | undefined {
    return this.#next.get(source);
  }

  save(): readonly (readonly [source: string, nextOffset: number])[] {
    return [...this.#next];
  }

  restore(state: readonly (readonly [source: string, nextOffset: number])[]): void {
    for (const [source, nextOffset] of state) this.take(source, nextOffset);
  }
}
