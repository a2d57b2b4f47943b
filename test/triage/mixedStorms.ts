import { Random } from "../../src/core/random.js";
import { MINUTE_MS } from "../../src/core/time.js";
import { Cube } from "../../src/cube/cube.js";
import { detect } from "../../src/detect/detect.js";
import { type Finding, SEVERITIES } from "../../src/detect/finding.js";
import type { Locator } from "../../src/locate/locator.js";
import { eventsFromObjects } from "../../src/read/records/eventsFromObjects.js";
import { type IncidentSpec, type SimulatedIncident, simulateTraffic } from "../../src/simulate/index.js";
import type { Alert } from "../../src/triage/alert.js";
import { reaches } from "../../src/triage/judge/compileSeverity.js";
import type { Policy } from "../../src/triage/policy/policy.js";
import { type Triage, triage } from "../../src/triage/triage.js";

/** What a seed makes: what really happened, and all that the detectors say of it. */
export interface MixedStorm {
  readonly incidents: readonly SimulatedIncident[];
  readonly findings: readonly Finding[];
  readonly bucketMs: number;
}

const START = "2026-03-02T00:00:00Z";
const DIMENSIONS = ["service", "version", "organization"];
const DAYS = 2;
/** Traffic by country: enough for an outage of an hour to be told, and too far apart for two to be one. */
const WEIGHTS = { US: 12, DE: 12, BR: 10, IN: 10, JP: 10, AU: 8, ZA: 8 };

/** Two to six incidents at once, in as many countries, with services and providers that echo them. */
export function mixedStorm(seed: number, locator: Locator, bucketSeconds = 60): MixedStorm {
  const random = new Random(seed);
  const countries = shuffled(Object.keys(WEIGHTS), random).slice(0, 2 + random.int(5));
  const about = 24 * (DAYS - 1) + 12 + 6 * random.next();
  // Two attacks by stolen passwords at once are one to the detectors: they cannot know that two bands are at work.
  const specs = countries.map((country, i) => incidentIn(country, about, random, i === 0));
  const spec = {
    seed,
    start: START,
    days: DAYS,
    countries: WEIGHTS,
    requestsPerDay: 50_000,
    citiesPerCountry: 4,
    incidents: specs,
  };
  const { requests, incidents } = simulateTraffic(spec, locator);
  const events = eventsFromObjects(withProviders(requests), { locator, dimensions: [...DIMENSIONS, "path", "method"] });
  const cube = Cube.from(events, { bucketSeconds, resolution: 4, dimensions: DIMENSIONS });
  return { incidents, findings: detect(cube, { events }), bucketMs: bucketSeconds * 1000 };
}

function incidentIn(country: string, aboutHours: number, random: Random, mayAttack: boolean): IncidentSpec {
  const timed = {
    startHours: aboutHours + random.next(),
    minutes: 45 + random.int(60),
    area: { countries: [country] },
  };
  const kind = random.int(5);
  if (kind === 0) return { ...timed, kind: "errors", failing: 0.7 };
  if (kind === 1) return { ...timed, kind: "latency", factor: 4 };
  if (kind === 2 && mayAttack) return { ...timed, kind: "credential-stuffing", attempts: 900, addresses: 15 };
  return { ...timed, kind: "traffic-drop", lost: 0.95 };
}

/** Requests with the provider that their address belongs to: three a country, and one that is everywhere. */
function* withProviders(requests: Iterable<{ readonly ip: string }>): Generator<object> {
  for (const request of requests) {
    const [first = 0, second = 0] = request.ip.split(".").map(Number);
    const hash = (first * 31 + second * 17) % 10;
    yield { ...request, organization: hash === 0 ? "Everywhere" : `Net ${first % 40}` };
  }
}

function shuffled<T>(values: readonly T[], random: Random): T[] {
  const left = [...values];
  const taken: T[] = [];
  while (left.length > 0) taken.push(...left.splice(random.int(left.length), 1));
  return taken;
}

/** How the triage of a storm went, minute by minute. */
export interface StormScore {
  /** What somebody would have read without triage: each minute, each finding that was there. */
  readonly updates: number;
  /** Alerts that were opened or grew: what has to be read. */
  readonly read: number;
  /** Alerts that were resolved: what closes by itself. */
  readonly closed: number;
  /** Incidents whose alerts are not exactly one of the severity that their findings have: what, and how many. */
  readonly wrong: readonly string[];
  /** Incidents of which no finding is worth telling, so that triage has nothing to go by. */
  readonly missed: readonly string[];
}

/** Plays findings to triage as a monitor would, a minute at a time, and holds the alerts against the truth. */
export function scoreStorm(storm: MixedStorm, policy: Policy): StormScore {
  const { findings } = storm;
  const times = findings.flatMap(({ detectedAtMs, endMs }) => [detectedAtMs, endMs ?? detectedAtMs]);
  let state: Triage["state"] | null = null;
  let [updates, read, closed] = [0, 0, 0];
  const told = new Map<string, Alert>();
  for (let nowMs = Math.min(...times); nowMs <= Math.max(...times) + MINUTE_MS; nowMs += MINUTE_MS) {
    const known = findings
      .filter(({ detectedAtMs }) => detectedAtMs <= nowMs)
      .map((one) => (one.endMs !== null && one.endMs > nowMs ? { ...one, endMs: null } : one));
    updates += known.filter(
      ({ endMs, detectedAtMs }) => endMs === null || Math.max(endMs, detectedAtMs) > nowMs - MINUTE_MS,
    ).length;
    const result: Triage = triage(known, policy, state, { nowMs });
    state = JSON.parse(JSON.stringify(result.state)) as Triage["state"];
    for (const alert of result.alerts) {
      if (alert.change === "opened" || alert.change === "grown") read++;
      if (alert.change === "resolved") closed++;
      if (alert.findings.length > 0) told.set(alert.key, alert);
      else told.delete(alert.key);
    }
  }
  return {
    updates,
    read,
    closed,
    wrong: storm.incidents.flatMap((incident) => wrongOf(incident, [...told.values()], findings)),
    missed: storm.incidents.filter((one) => !isWorthTelling(ownFindings(one, findings))).map(nameOf),
  };
}

/** What is wrong with the alerts of an incident, if anything. */
function wrongOf(incident: SimulatedIncident, alerts: readonly Alert[], findings: readonly Finding[]): string[] {
  const own = ownFindings(incident, findings);
  if (!isWorthTelling(own)) return [];
  const ids = new Set(own.map(({ id }) => id));
  const found = alerts.filter((alert) => alert.findings.some((id) => ids.has(id)));
  const worst = SEVERITIES.find((severity) => own.some((finding) => finding.severity === severity));
  if (found.length === 1 && found[0]!.severity === worst) return [];
  const seen = found.map(({ severity, title }) => `${severity} ${title}`).join("; ") || "no alert";
  return [`${nameOf(incident)}: ${seen}, not one ${worst}`];
}

const nameOf = ({ kind, places }: SimulatedIncident): string => `${kind} in ${places[0]!.country}`;
const isWorthTelling = (own: readonly Finding[]): boolean => own.some(({ severity }) => reaches(severity, "medium"));

/** Findings of an incident and no other. */
function ownFindings(incident: SimulatedIncident, findings: readonly Finding[]): Finding[] {
  const isAttack = incident.kind === "credential-stuffing";
  const its = (one: Pick<Finding, "region" | "startMs" | "endMs" | "kind">): boolean =>
    (one.kind === "suspicious-traffic") === isAttack &&
    one.startMs < incident.endMs &&
    (one.endMs ?? Number.POSITIVE_INFINITY) >= incident.startMs &&
    one.region.countries.some((country) => incident.places.some((place) => place.country === country));
  return findings.filter((finding) => its(finding) && (isAttack || finding.region.countries.length === 1));
}
