import type { Community } from "../population.js";

/** From west to east. */
const POPS = ["iad", "gru", "fra", "nrt"];
/** A client in so many is sent to another PoP than its neighbours. */
const ELSEWHERE = 33;

/** The PoP that answers a client; empty where a log does not say. */
export function popOf({ lon }: Community, address: number, pops: number): string {
  if (pops <= 0) return "";
  const count = Math.min(POPS.length, pops);
  const near = Math.min(count - 1, Math.floor(((lon + 180) / 360) * count));
  return POPS[(address >>> 4) % ELSEWHERE === 0 ? (near + 1) % count : near]!;
}
