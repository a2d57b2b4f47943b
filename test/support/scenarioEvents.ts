import type { Events } from "../../src/core/events.js";
import { Random } from "../../src/core/random.js";
import type { Locator } from "../../src/locate/locator.js";
import { eventsFromObjects } from "../../src/read/records/eventsFromObjects.js";
import { type IncidentSpec, simulateTraffic, type TrafficSpec } from "../../src/simulate/index.js";

const COUNTRIES = { DE: 3, FR: 2, BR: 2, JP: 1 };

/** An incident of each family, somewhere and some time after the first day. */
function incidentsOf(random: Random): IncidentSpec[] {
  const area = () => ({ countries: [Object.keys(COUNTRIES)[random.int(4)]!] });
  const startHours = (): number => 27 + random.int(18);
  const minutes = 60 + random.int(90);
  const all: IncidentSpec[] = [
    { kind: "traffic-drop", startHours: startHours(), minutes, area: area(), lost: 0.9 },
    { kind: "errors", startHours: startHours(), minutes, area: area(), failing: 0.5 },
    { kind: "errors", startHours: startHours(), minutes, area: area(), failing: 0.7, service: "api" },
    { kind: "latency", startHours: startHours(), minutes, area: area(), factor: 3 },
    { kind: "credential-stuffing", startHours: startHours(), minutes: 20, area: area(), attempts: 400, addresses: 5 },
    { kind: "traffic-surge", startHours: startHours(), minutes: 20, area: area(), requests: 900, addresses: 12 },
    { kind: "impossible-travel", startHours: startHours(), minutes: 60, accounts: 2 },
  ];
  // Three of them: one that is regional, one that is not, and another.
  const picked = new Set([random.int(4), 4 + random.int(3), random.int(7)]);
  return all.filter((_, i) => picked.has(i));
}

/** Two days of a simulated service with incidents of several families. */
export function scenarioEvents(seed: number, locator: Locator): Events {
  const spec: TrafficSpec = {
    seed,
    start: "2026-03-02T00:00:00Z",
    days: 2,
    requestsPerDay: 30_000,
    countries: COUNTRIES,
    citiesPerCountry: 3,
    incidents: incidentsOf(new Random(seed)),
  };
  return eventsFromObjects(simulateTraffic(spec, locator).requests, { locator, dimensions: DIMENSIONS });
}

const DIMENSIONS = ["service", "pop", "version", "path", "method", "user_agent"];
