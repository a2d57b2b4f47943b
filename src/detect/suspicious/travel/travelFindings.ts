import { type Finding, SEVERITIES } from "../../finding.js";
import { regionOfSpots, suspiciousFinding } from "../findingParts.js";
import { type Hop, mergeHops } from "./mergeHops.js";
import type { TravelEpisode } from "./travelEpisode.js";
import { isMachine, type TravelContext, travelFinding } from "./travelFinding.js";

/** So many findings that only an analyst would want to see are listed one by one; the rest are counted in one. */
const MAX_MINOR = 200;

/**
 * One finding an account, and one for many accounts at once; of what is explained (a tunnel, a short hop, a place that became usual), one an
 * account.
 */
export function travelFindings(episodes: readonly TravelEpisode[], context: TravelContext): Finding[] {
  const grave: Hop[] = [];
  const minor = new Map<string, { finding: Finding; location: number }>();
  const known = placesOfMachines(episodes, context);
  for (const episode of episodes) {
    const machine = known.get(`${episode.low} ${episode.high}`);
    const excused = machine?.has(episode.homeSpot) === true && machine.has(episode.awaySpot);
    const finding = travelFinding(episode, context, excused ? "machine" : undefined);
    if (finding.severity !== "low" && finding.severity !== "info") grave.push({ finding, location: episode.awaySpot });
    else minor.set(`${finding.users[0]} ${finding.evidence?.excuse}`, { finding, location: episode.awaySpot });
  }
  const rank = (f: Finding): number => SEVERITIES.indexOf(f.severity);
  const listed = [...minor.values()].sort(
    (a, b) =>
      rank(a.finding) - rank(b.finding) ||
      b.finding.observed - a.finding.observed ||
      (a.finding.id < b.finding.id ? -1 : 1),
  );
  const rest = listed.splice(MAX_MINOR);
  const told = context.guards.has("one-cause") ? mergeHops(grave, context) : grave.map((hop) => hop.finding);
  return [...told, ...listed.map((m) => m.finding), ...(rest.length > 0 ? [remainder(rest, context)] : [])];
}

/** The places of accounts that machines use, by account. */
function placesOfMachines(episodes: readonly TravelEpisode[], context: TravelContext): Map<string, Set<number>> {
  const places = new Map<string, Set<number>>();
  if (!context.guards.has("machine-accounts")) return places;
  for (const episode of episodes)
    if (isMachine(episode, context))
      places.set(
        `${episode.low} ${episode.high}`,
        new Set([episode.homeSpot, episode.awaySpot, ...episode.elsewhere.keys()]),
      );
  return places;
}

/** All further explained hops in one finding. */
function remainder(rest: readonly { finding: Finding; location: number }[], context: TravelContext): Finding {
  const findings = rest.map((m) => m.finding);
  const users = [...new Set(findings.flatMap((f) => f.users))];
  const excuses: Record<string, number> = {};
  for (const f of findings) excuses[String(f.evidence?.excuse)] = (excuses[String(f.evidence?.excuse)] ?? 0) + 1;
  const startMs = Math.min(...findings.map((f) => f.startMs));
  return suspiciousFinding({
    key: "explained",
    subtype: "impossible-travel",
    severity: "info",
    confidence: 0.5,
    startMs,
    endMs: Math.max(...findings.map((f) => f.endMs ?? startMs)),
    detectedAtMs: Math.max(...findings.map((f) => f.detectedAtMs)),
    title: `${users.length} more accounts used from places far apart, each explained`,
    region: regionOfSpots(
      context.locations,
      rest.map((m) => [m.location, 1]),
      context.resolution,
    ),
    measure: "accounts",
    observed: users.length,
    expected: users.length,
    users,
    evidence: { excuses },
  });
}
