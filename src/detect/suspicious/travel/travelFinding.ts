import { DAY_MS, HOUR_MS } from "../../../core/time.js";
import type { Finding, Severity } from "../../finding.js";
import { findingId } from "../../findingId.js";
import { regionOfPlaces } from "../../regionOfPlaces.js";
import { EGRESS_CLASSES, type EgressClass } from "../egressClass.js";
import type { SuspiciousGuards } from "../suspiciousGuards.js";
import { labelOfSpot, placeName } from "../users/locationLabels.js";
import type { UserLocationTable } from "../users/userLocationTable.js";
import type { LearnedExits } from "./learnedExits.js";
import { minimumTravelHours } from "./minimumTravelHours.js";
import type { TravelEpisode } from "./travelEpisode.js";

/** Severity of a hop to or from a network that says nothing about where a person is. */
const SEVERITY_OF_CLASS: Readonly<Record<EgressClass, Severity>> = {
  direct: "high",
  own: "info",
  relay: "info",
  satellite: "info",
  vpn: "info",
  tor: "low",
  hosting: "low",
  carrier: "low",
};
/** A hop shorter than this, in km, is more often an error of the database than a journey. */
const SHORT_KM = 100;
/** An account that changes sides so often is used at both at once. */
const CONCURRENT_CHANGES = 4;
/** So many days of use after the episode make the other place a usual one. */
const DAYS_TO_BE_USUAL = 3;
/** … and fewer where neither place was the user's before: on an account's first day it is not known what is usual. */
const DAYS_OF_NEWCOMERS = 2;

/** An account that changes sides so often, over so long, without a night's rest, is a machine's. */
const MACHINE_CHANGES = 20;
const MACHINE_MS = 18 * HOUR_MS;

/** What the judge of travel needs to know beyond the episode. */
export interface TravelContext {
  readonly locations: UserLocationTable;
  readonly exits: LearnedExits;
  readonly resolution: number;
  /** On how many days the user has been at a location so far. */
  readonly daysAt: (episode: TravelEpisode, location: number) => number;
  /** When the user was first seen, epoch milliseconds. */
  readonly firstSeenMs: (episode: TravelEpisode) => number;
  readonly guards: SuspiciousGuards;
}

/** Why a hop is less than an attack; empty if nothing speaks against it. */
export type TravelExcuse = EgressClass | "short" | "shared-exit" | "usual-since" | "same-country" | "machine" | "";

/** One finding an episode, with both ends. */
export function travelFinding(episode: TravelEpisode, context: TravelContext, known?: TravelExcuse): Finding {
  const { locations, resolution } = context;
  const [excuse, severity] = known === undefined ? judge(episode, context) : [known, "info" as const];
  const home = labelOfSpot(locations, episode.homeSpot, 1);
  const away = labelOfSpot(locations, episode.awaySpot, Math.max(1, episode.awayEvents));
  const elsewhere = [...episode.elsewhere].map(([location, events]) => labelOfSpot(locations, location, events));
  const ends = [end(home, episode.homeMs, episode.homeDays), end(away, episode.awayMs, episode.awayDays)];
  const [from, to] = episode.homeMs <= episode.awayMs ? ends : ends.reverse();
  const speed = episode.km / Math.max(episode.hours, 1 / 3_600);
  const ips = [...episode.addresses].sort((a, b) => Number(b[1].away) - Number(a[1].away) || b[1].count - a[1].count);
  return {
    id: findingId("impossible-travel", episode.user, episode.startMs),
    kind: "suspicious-traffic",
    subtype: episode.changes >= CONCURRENT_CHANGES ? "concurrent-sessions" : "impossible-travel",
    severity,
    confidence: severity === "high" ? Math.min(0.99, 0.9 + 0.02 * episode.awayEvents) : 0.5,
    startMs: episode.startMs,
    endMs: episode.endMs,
    detectedAtMs: Math.max(episode.homeMs, episode.awayMs),
    title: `${episode.user} in ${placeName(home)} and ${placeName(away)} within ${duration(episode.hours)}: ${Math.round(episode.km)} km`,
    region: regionOfPlaces([away, ...elsewhere], { resolution }),
    dimensions: {},
    measure: "speed_kmh",
    observed: Math.round(speed),
    expected: Math.round(episode.km / minimumTravelHours(episode.km)),
    clients: episode.addresses.size,
    users: [episode.user],
    ips: ips.map(([text]) => text),
    cause: [],
    evidence: {
      from,
      to,
      distanceKm: Math.round(episode.km),
      minimumHours: Math.round(minimumTravelHours(episode.km) * 100) / 100,
      requestsAway: episode.awayEvents,
      sidesChanged: episode.changes,
      network: EGRESS_CLASSES[episode.awayClass],
      excuse,
      addresses: ips.slice(0, 20).map(([ip, use]) => ({ ip, requests: use.count, away: use.away })),
    },
  };
}

function judge(episode: TravelEpisode, context: TravelContext): readonly [TravelExcuse, Severity] {
  const egress = EGRESS_CLASSES[episode.awayClass]!;
  if (egress !== "direct") return [egress, SEVERITY_OF_CLASS[egress]];
  const uses = [...episode.addresses.values()]; // either end may be the tunnel's, for a user seldom seen
  if (uses.some((use) => context.exits.isShared(use.key, episode.startMs))) return ["shared-exit", "info"];
  const isNew = context.guards.has("from-the-start") && episode.startMs <= context.firstSeenMs(episode) + DAY_MS;
  const days = isNew ? DAYS_OF_NEWCOMERS : DAYS_TO_BE_USUAL;
  if (context.daysAt(episode, episode.awaySpot) >= episode.awayDays + days) return ["usual-since", "info"];
  if (context.guards.has("machine-accounts") && isMachine(episode, context)) return ["machine", "info"];
  if (episode.km < SHORT_KM) return ["short", "low"];
  const { country } = context.locations;
  if (country[episode.homeSpot] === country[episode.awaySpot]) return ["same-country", "low"];
  return ["", episode.awayEvents > 1 ? "high" : "medium"];
}

/** Whether an account was used day and night from both places since its first day: a service's, or a check's. */
export function isMachine(episode: TravelEpisode, context: TravelContext): boolean {
  if (episode.startMs > context.firstSeenMs(episode) + DAY_MS) return false;
  return episode.changes >= MACHINE_CHANGES && episode.endMs - episode.startMs >= MACHINE_MS;
}

const end = (place: ReturnType<typeof labelOfSpot>, timeMs: number, daysSeen: number) => ({
  place: placeName(place),
  country: place.country,
  lat: place.lat,
  lon: place.lon,
  time: new Date(timeMs).toISOString(),
  daysSeen,
});

function duration(hours: number): string {
  return hours < 1 ? `${Math.round(hours * 60)} min` : `${Math.round(hours * 10) / 10} h`;
}
