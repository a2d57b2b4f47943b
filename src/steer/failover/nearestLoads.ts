import type { PlanState } from "./planState.js";
import { rateOf } from "./planState.js";

/**
 * What servers get if DNS sends everybody to the nearest that is up, as gdnsd and others do, and capacities are not
 * looked at. Where the log tells who is served by whom, those whose server is still up stay there.
 *
 * @param down - positions of the servers that are lost
 * @returns the server of each part of each row: shares, row-major rows × servers
 */
export function nearestShares(state: PlanState, down: readonly number[]): Float64Array {
  const { demand, costs, names, knowsToday } = state;
  const servers = names.length;
  const shares = new Float64Array(demand.rows * servers);
  for (let row = 0; row < demand.rows; row++) {
    let staying = 0;
    let total = 0;
    for (let s = 0; s < servers; s++) {
      const requests = knowsToday ? demand.today[row * (servers + 1) + s]! : 0;
      total += requests;
      if (requests > 0 && !down.includes(s)) {
        shares[row * servers + s] = requests;
        staying += requests;
      }
    }
    const nearest = nearestUp(costs.km, row, servers, down);
    shares[row * servers + nearest]! += total > 0 ? total - staying : 1;
    for (let s = 0; s < servers; s++) shares[row * servers + s]! /= total > 0 ? total : 1;
  }
  return shares;
}

/** Requests a second of each server in some slots, by the shares, of which most are 0. */
export function loadsOfShares(state: PlanState, shares: Float64Array, slots: readonly number[]): Float64Array[] {
  const servers = state.names.length;
  const given = Uint32Array.from(
    (function* () {
      for (let at = 0; at < shares.length; at++) if (shares[at]! > 0) yield at;
    })(),
  );
  return slots.map((slot) => {
    const load = new Float64Array(servers);
    const rates = rateOf(state, slot);
    for (const at of given) load[at % servers]! += rates[Math.floor(at / servers)]! * shares[at]!;
    return load;
  });
}

function nearestUp(km: Float64Array, row: number, servers: number, down: readonly number[]): number {
  let [best, least] = [-1, Number.POSITIVE_INFINITY];
  for (let s = 0; s < servers; s++) {
    if (down.includes(s) || !(km[row * servers + s]! < least)) continue;
    [best, least] = [s, km[row * servers + s]!];
  }
  return best;
}
