import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../core/time.js";
import type { Finding } from "../finding.js";
import type { StuffingAttack } from "./stuffingAttack.js";
import { stuffingFinding } from "./stuffingFindings.js";
import type { SurgeEpisode } from "./surgeEpisode.js";
import { surgeFinding } from "./surgeFindings.js";
import type { ResolvedOptions } from "./suspiciousOptions.js";
import type { TravelEpisode } from "./travelEpisode.js";
import { travelFinding } from "./travelFindings.js";
import type { TravelWatch } from "./travelWatch.js";
import type { UserHistory } from "./userHistory.js";
import * as R from "./userRecord.js";

/** What the watches hold when findings are asked for. */
export interface Suspicions {
  readonly options: ResolvedOptions;
  readonly users: UserHistory;
  readonly travel: TravelWatch;
  readonly attacks: readonly StuffingAttack[];
  readonly surges: readonly SurgeEpisode[];
}

/** Turns suspicions into findings, each fact once: what an attack on log-ins explains is not reported again. */
export function reportSuspicious(suspicions: Suspicions): Finding[] {
  const { options, users, travel, attacks, surges } = suspicions;
  const { spots } = users;
  const { resolution, windowMs } = options;
  const context = {
    spots,
    exits: travel.exits,
    resolution,
    daysAt: (e: TravelEpisode, spot: number) => R.slotDays(users.stateAt(e.low, e.high, spot)),
  };
  return [
    ...attacks.map((a) => stuffingFinding(a, spots, resolution, windowMs)),
    ...surges.filter((s) => !attacks.some((a) => explainsSurge(a, s))).map((s) => surgeFinding(s, spots, resolution)),
    ...travel
      .episodes()
      .filter((e) => !attacks.some((a) => explainsTravel(a, e)))
      .map((e) => travelFinding(e, context)),
  ].sort((a, b) => a.startMs - b.startMs || (a.id < b.id ? -1 : 1));
}

/** Whether most addresses of a surge are those of an attack at the same time. */
function explainsSurge(attack: StuffingAttack, surge: SurgeEpisode): boolean {
  if (surge.startMs > attack.endMs + 10 * MINUTE_MS || surge.endMs < attack.startMs - 10 * MINUTE_MS) return false;
  const addresses = [...surge.addresses.keys()];
  return 2 * addresses.filter((key) => attack.sources.has(key)).length >= addresses.length;
}

/** Whether an account was used from an address of an attack, during it or the day after. */
function explainsTravel(attack: StuffingAttack, episode: TravelEpisode): boolean {
  if (episode.startMs < attack.startMs - HOUR_MS || episode.startMs > attack.endMs + DAY_MS) return false;
  for (const use of episode.addresses.values()) if (use.away && attack.sources.has(use.key)) return true;
  return false;
}
