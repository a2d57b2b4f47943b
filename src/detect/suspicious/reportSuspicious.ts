import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../core/time.js";
import type { Finding } from "../finding.js";
import { bruteForceFinding } from "./logins/bruteForceFindings.js";
import type { BruteForce } from "./logins/bruteForceWatch.js";
import { loginOutageFinding } from "./logins/loginOutageFindings.js";
import type { LoginOutage } from "./logins/loginOutageWatch.js";
import { mergeAttacks } from "./logins/mergeAttacks.js";
import type { StuffingAttack } from "./logins/stuffingAttack.js";
import { isRegained, stuffingFinding } from "./logins/stuffingFindings.js";
import type { MonitorWatch } from "./monitorWatch.js";
import type { NetworkUnits } from "./networkUnits.js";
import type { SuspiciousGuards } from "./suspiciousGuards.js";
import type { ResolvedOptions } from "./suspiciousOptions.js";
import type { MovedAddresses } from "./travel/movedAddresses.js";
import type { TravelEpisode } from "./travel/travelEpisode.js";
import { travelFindings } from "./travel/travelFindings.js";
import type { TravelWatch } from "./travel/travelWatch.js";
import { nobodyFinding } from "./users/nobodyFinding.js";
import type { NobodyNames } from "./users/nobodyNames.js";
import { scopeOriginFinding, userOriginFinding } from "./users/originFindings.js";
import type { ScopeOrigin } from "./users/scopeOrigins.js";
import type { UserHistory } from "./users/userHistory.js";
import type { UserOrigins } from "./users/userOrigins.js";
import * as R from "./users/userRecord.js";
import { clientFinding } from "./volume/clientFindings.js";
import type { ClientEpisode, ClientWatch } from "./volume/clientWatch.js";
import { driftFinding, unwantedFinding } from "./volume/countryFindings.js";
import type { CountryWatch } from "./volume/countryWatch.js";
import type { SurgeEpisode } from "./volume/surgeEpisode.js";
import { effectiveAddresses, soleAddress, surgeFinding } from "./volume/surgeFindings.js";

/** A place's surge is spread over so many addresses; what fewer do is told of each, if it is much. */
const MIN_ADDRESSES = 3;

/** What the watches hold when findings are asked for. */
export interface Suspicions {
  readonly options: ResolvedOptions;
  readonly guards: SuspiciousGuards;
  readonly users: UserHistory;
  readonly networks: NetworkUnits;
  readonly travel: TravelWatch;
  readonly moved: MovedAddresses;
  readonly nobody: NobodyNames;
  readonly monitors: MonitorWatch;
  readonly attacks: readonly StuffingAttack[];
  readonly outages: readonly LoginOutage[];
  readonly bruteForces: readonly BruteForce[];
  readonly surges: readonly SurgeEpisode[];
  readonly clients: ClientWatch;
  readonly countries: CountryWatch;
  readonly userOrigins: UserOrigins;
  readonly scopeOrigins: readonly ScopeOrigin[];
}

/** Turns suspicions into findings, each fact once: what an attack on log-ins explains is not reported again. */
export function reportSuspicious(s: Suspicions): Finding[] {
  const { locations } = s.users;
  const { resolution } = s.options;
  const names = { locations, networks: s.networks };
  const daysAt = (e: TravelEpisode, location: number): number => R.slotDays(s.users.stateAt(e.low, e.high, location));
  const attacks = attacksOf(s);
  const isCrowd = (x: SurgeEpisode): boolean => !s.guards.has("bursts") || effectiveAddresses(x) >= MIN_ADDRESSES;
  const surges = s.surges.filter(
    (x) => isCrowd(x) && !attacks.some((a) => explainsSurge(a, x)) && !isOneClient(x, s.clients),
  );
  const clients = s.clients
    .episodes()
    .filter((c) => !attacks.some((a) => a.sources.has(c.key)) && !surges.some((x) => carries(x, c)));
  const nobodies = new Set([...s.nobody.found.values()].map((n) => n.name));
  const bruteForces = s.bruteForces.filter(
    (bruteForce) => !nobodies.has(bruteForce.user) && !attacks.some((a) => explainsSiege(a, bruteForce)),
  );
  const travel = travelOf(s).filter((e) => !attacks.some((a) => explainsTravel(a, e)));
  const firstSeenMs = ({ low, high }: TravelEpisode): number => s.users.firstSeenMs(low, high);
  return [
    ...attacks.map((a) => stuffingFinding(a, locations, resolution)),
    ...s.outages.map((outage) => loginOutageFinding(outage, locations, resolution)),
    ...bruteForces.map((bruteForce) => bruteForceFinding(bruteForce, locations, resolution)),
    ...surges.map((surge) => surgeFinding(surge, locations, resolution, s.guards)),
    ...clients.map((c) => clientFinding(c, locations, resolution, s.guards)),
    ...travelFindings(travel, { locations, exits: s.travel.exits, resolution, daysAt, firstSeenMs, guards: s.guards }),
    ...s.countries.unwanted.map((e) => unwantedFinding(e, locations, resolution)),
    ...s.countries.drifts.map((d) => driftFinding(d, locations, resolution)),
    ...nobodyFinding([...s.nobody.found.values()], locations),
    ...s.monitors.findings(resolution),
    ...s.userOrigins.found
      .filter((o) => !nobodies.has(o.user))
      .flatMap((o) => userOriginFinding(o, s.userOrigins, names, resolution) ?? []),
    ...s.scopeOrigins.map((o) => scopeOriginFinding(o, names, resolution)),
  ].sort((a, b) => a.startMs - b.startMs || (a.id < b.id ? -1 : 1));
}

/** Attacks on log-ins, each once; people of one place who forgot their passwords are kept apart from attackers. */
function attacksOf({ attacks, guards }: Suspicions): StuffingAttack[] {
  const some = attacks.filter((a) => a.failures > 0);
  if (!guards.has("one-attack")) return some.filter((a, i) => !some.some((b, j) => j < i && contains(b, a)));
  const people = some.filter((a) => isRegained(a));
  return [...mergeAttacks(some.filter((a) => !people.includes(a))), ...mergeAttacks(people)];
}

/** Hops of somebody, from an address that was where it is. */
function travelOf({ travel, moved, nobody, guards, users }: Suspicions): TravelEpisode[] {
  const near = (a: number) => (b: number) => users.locations.apartKm(a, b) === 0;
  const isMoved = (e: TravelEpisode): boolean =>
    moved.isRelocated(e.homeSpot, e.awaySpot, e.awayMs) ||
    [...e.addresses.values()].some((use) => moved.isAtBoth(use.key, near(e.homeSpot), near(e.awaySpot)));
  return travel
    .episodes()
    .filter((e) => !(guards.has("nobody") && nobody.has(e.low, e.high)) && !(guards.has("relocation") && isMoved(e)));
}

/** Whether most addresses of one attack are another's at the same time. */
function contains(attack: StuffingAttack, other: StuffingAttack): boolean {
  return mostlyOf(attack, other, [...other.sources.keys()]);
}

/** Whether most addresses of a surge are those of an attack at the same time. */
function explainsSurge(attack: StuffingAttack, surge: SurgeEpisode): boolean {
  return mostlyOf(attack, surge, [...surge.addresses.keys()]);
}

/** Whether an account was tried from the addresses of an attack on many. */
function explainsSiege(attack: StuffingAttack, bruteForce: BruteForce): boolean {
  return mostlyOf(attack, bruteForce, [...bruteForce.sources.keys()]);
}

function mostlyOf(attack: StuffingAttack, span: { startMs: number; endMs: number }, keys: readonly number[]): boolean {
  if (span.startMs > attack.endMs + 10 * MINUTE_MS || span.endMs < attack.startMs - 10 * MINUTE_MS) return false;
  return 2 * keys.filter((key) => attack.sources.has(key)).length >= keys.length;
}

/** Whether a surge is one address that is a finding of its own, or known to be busy. */
function isOneClient(surge: SurgeEpisode, clients: ClientWatch): boolean {
  const sole = soleAddress(surge);
  if (sole === undefined) return false;
  return clients.isKnown(sole.key) || clients.episodes().some((c) => c.key === sole.key && overlap(c, surge));
}

const overlap = (a: { startMs: number; endMs: number }, b: { startMs: number; endMs: number }): boolean =>
  a.startMs <= b.endMs && a.endMs >= b.startMs;

/** Whether a busy address is part of the surge of its place. */
function carries(surge: SurgeEpisode, client: ClientEpisode): boolean {
  return overlap(surge, client) && surge.addresses.has(client.key);
}

/** Whether an account was used from an address of an attack, or opened by it, during it or the day after. */
function explainsTravel(attack: StuffingAttack, episode: TravelEpisode): boolean {
  if (episode.startMs < attack.startMs - HOUR_MS || episode.startMs > attack.endMs + DAY_MS) return false;
  for (const use of episode.addresses.values()) if (use.away && attack.sources.has(use.key)) return true;
  // Where the owner comes after the thief, the owner's place is the strange one.
  const { low, high } = episode;
  return attack.successes.some((s) => s.low === low && s.high === high && !s.familiar && attack.sources.has(s.source));
}
