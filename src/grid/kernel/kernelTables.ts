import { type CellTables, cellTables } from "./plan.js";

/**
 * How many points h3-js answers before the tables are worth deriving: they take some 200 ms of processor time, h3-js 2.5
 * to 4 µs a point. A log has some hundred places, a city database half a million.
 */
export const BREAK_EVEN_POINTS = 65_536;

/** The kernel's tables, derived once the points asked for so far pay for them. */
export class KernelTables {
  #asked = 0;
  #tables: CellTables | undefined;

  /** The tables, or undefined while h3-js is the cheaper way to answer. `points` are about to be asked for. */
  forPoints(points: number): CellTables | undefined {
    if (this.#tables !== undefined) return this.#tables;
    this.#asked += points;
    if (this.#asked >= BREAK_EVEN_POINTS) this.#tables = cellTables();
    return this.#tables;
  }
}
