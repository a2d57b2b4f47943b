import { Random } from "../../src/core/random.js";
import { Cube } from "../../src/cube/cube.js";
import { detect } from "../../src/detect/detect.js";
import type { Finding } from "../../src/detect/finding.js";
import type { Locator } from "../../src/locate/locator.js";
import { eventsFromObjects } from "../../src/read/records/eventsFromObjects.js";
import { type IncidentSpec, type SimulatedIncident, simulateTraffic } from "../../src/simulate/index.js";

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
