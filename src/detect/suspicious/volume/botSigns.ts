import type { BotSign } from "./surgeEpisode.js";
import { mainPath, type UnitTally } from "./unitTally.js";

/** What is usual, for comparison with a window that is far above it. */
export interface Usual {
  /** Requests expected in the window. */
  readonly requests: number;
  /** Share of requests that name a user. */
  readonly namedShare: number;
  /** The whole world in the same window. */
  readonly world: UnitTally;
}

/** In what the part of a unit's traffic that is beyond the usual is unlike people. */
export function botSigns(tally: UnitTally, usual: Usual): BotSign[] {
  const excess = Math.max(1, tally.requests - usual.requests);
  const signs: BotSign[] = [];
  const named = Math.max(0, tally.named - usual.requests * usual.namedShare) / excess;
  if (usual.namedShare >= 0.1 && named < usual.namedShare / 3) signs.push("no-users");
  const { path, requests } = mainPath(tally);
  const elsewhere = (usual.world.paths.get(path) ?? 0) - requests;
  const usualPath = elsewhere / Math.max(1, usual.world.requests - tally.requests);
  if (requests / tally.requests > 0.5 && requests / tally.requests > 2 * usualPath) signs.push("one-path");
  const usualRefused = (usual.world.refused - tally.refused + 1) / (usual.world.requests - tally.requests + 20);
  if (tally.refused / tally.requests > 0.04 + 3 * usualRefused) signs.push("refused");
  const perAddress = tally.requests / tally.addresses;
  const others = (usual.world.requests - tally.requests) / Math.max(1, usual.world.addresses - tally.addresses);
  if (perAddress > 20 && perAddress > 5 * others) signs.push("few-addresses");
  return signs;
}
