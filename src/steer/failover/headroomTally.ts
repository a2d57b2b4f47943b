import { SLOTS } from "./demandBySlot.js";
import { rateSpread } from "./loadSpread.js";
import type { PlanState } from "./planState.js";

/** What a server must be ready for in each hour of the week; requests a second, 168 long, null where the log tells nothing. */
export interface ServerHeadroom {
  readonly name: string;
  readonly capacityRps: number | null;
  /** With every server up. */
  readonly usualRps: readonly (number | null)[];
  /** With whichever one other server lost that sends most here, upper end of the 90% interval. */
  readonly neededRps: readonly (number | null)[];
  /** Which loss that is; null where none sends more. */
  readonly worstLoss: readonly (string | null)[];
}

const HALF_OF_90 = 1.6449;

/** Keeps, of each server and hour, the most that any single failure brings. */
export class HeadroomTally {
  readonly #state: PlanState;
  readonly #usual: Float64Array;
  readonly #needed: Float64Array;
  readonly #loss: Int32Array;

  constructor(state: PlanState) {
    this.#state = state;
    const size = state.names.length * SLOTS;
    this.#usual = new Float64Array(size).fill(Number.NaN);
    this.#needed = new Float64Array(size).fill(Number.NaN);
    this.#loss = new Int32Array(size).fill(-1);
  }

  /** @param lost - the server that is lost; null: none, which must come before the losses of a slot */
  add(slot: number, load: Float64Array, lost: number | null): void {
    for (let s = 0; s < this.#state.names.length; s++) {
      if (s === lost) continue;
      const at = s * SLOTS + slot;
      const high = load[s]! + HALF_OF_90 * rateSpread(load[s]!, slot, this.#state.spread);
      if (lost === null) [this.#usual[at], this.#needed[at]] = [load[s]!, high];
      else if (high > this.#needed[at]! * (1 + 1e-9)) [this.#needed[at], this.#loss[at]] = [high, lost];
    }
  }

  result(): ServerHeadroom[] {
    const { names, capacity } = this.#state;
    return names.map((name, s) => {
      const of = (values: Float64Array): (number | null)[] =>
        Array.from(values.subarray(s * SLOTS, (s + 1) * SLOTS), (value) => (Number.isNaN(value) ? null : value));
      return {
        name,
        capacityRps: Number.isFinite(capacity[s]!) ? capacity[s]! : null,
        usualRps: of(this.#usual),
        neededRps: of(this.#needed),
        worstLoss: Array.from(this.#loss.subarray(s * SLOTS, (s + 1) * SLOTS), (lost) => names[lost] ?? null),
      };
    });
  }
}
