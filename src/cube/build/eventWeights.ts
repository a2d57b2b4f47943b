import { IPV6 } from "../../core/addressColumn.js";
import type { Events } from "../../core/events.js";
import { finish3 } from "../../core/hash.js";
import type { EventWeights } from "../keys/encodedEvents.js";
import { COUNT_STEP } from "../measures/state/savedState.js";

/** No row counts for more in lists: their counts have 32 bits. */
const MAX_WHOLE = 2 ** 31;

/**
 * The weights of events as a cube adds them up: to the nearest multiple of `COUNT_STEP`, and as whole numbers.
 *
 * A weight between two whole numbers becomes the upper one for as large a part of such rows as it lies above the lower one
 * (stochastic rounding), so that sums are right on average. Which rows those are is told by a hash of what a row holds, so
 * that it does not depend on the order of rows, or on how they came in batches.
 */
export function eventWeights(events: Events, weight: Float64Array): EventWeights {
  const { length } = events;
  const exact = new Float64Array(length);
  const whole = new Uint32Array(length);
  for (let i = 0; i < length; i++) {
    const value = Math.max(COUNT_STEP, Math.round(weight[i]! / COUNT_STEP) * COUNT_STEP);
    const floor = Math.floor(value);
    exact[i] = value;
    whole[i] = Math.min(MAX_WHOLE, value > floor && chanceOf(events, i) < value - floor ? floor + 1 : floor);
  }
  return { exact, whole };
}

/** A number in [0, 1) made of a row's time, address, user, latency and size. */
function chanceOf({ timeMs, client, user, latencyMs, bytes }: Events, row: number): number {
  let address = client.value[row]!;
  if (client.family[row] === IPV6) address = client.words[4 * address + 3]! ^ client.words[4 * address + 1]!;
  const parts = [timeMs[row]! % 2 ** 32, address, user.low[row]!, 1000 * latencyMs[row]!, bytes[row]!];
  let hash = 0;
  for (const part of parts) hash = finish3(Math.imul(hash, 5) ^ (part | 0));
  return hash / 2 ** 32;
}
