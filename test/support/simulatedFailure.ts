import type { Events } from "../../src/core/events.js";
import { HOUR_MS, parseTimeMs } from "../../src/core/time.js";
import { Cube } from "../../src/cube/cube.js";
import type { Locator } from "../../src/locate/locator.js";
import { eventsFromObjects } from "../../src/read/records/eventsFromObjects.js";
import type { SimulatedCity } from "../../src/simulate/cityWorld.js";
import { simulateTraffic } from "../../src/simulate/simulateTraffic.js";
import type { ServerSpec } from "../../src/simulate/trafficSpec.js";
import { planFailover } from "../../src/steer/failover/planFailover.js";
import { latencyModel } from "../../src/steer/latencyModel.js";

export const SIMULATED_SERVERS: readonly ServerSpec[] = [
  { name: "fra", lat: 50.11, lon: 8.68 },
  { name: "lhr", lat: 51.47, lon: -0.45 },
  { name: "iad", lat: 38.95, lon: -77.46 },
  { name: "sfo", lat: 37.62, lon: -122.38 },
  { name: "nrt", lat: 35.76, lon: 140.39 },
  { name: "sin", lat: 1.36, lon: 103.99 },
  { name: "gru", lat: -23.43, lon: -46.47 },
];
const START = "2026-03-02T00:00:00Z";
const WEEK_HOURS = 168;

/** What a failure was predicted to do to a server in an hour, and what it did. */
export interface FailedHour {
  readonly server: string;
  readonly load: { readonly value: number; readonly low: number; readonly high: number; readonly truth: number };
  readonly p95: { readonly value: number; readonly low: number; readonly high: number; readonly truth: number };
}

/**
 * Plans for the loss of a server from a simulated week, then simulates the loss a week later, in the same hour: the
 * surviving servers' loads and 95th percentiles as predicted and as they were.
 */
export function simulatedFailure(
  seed: number,
  locator: Locator,
  cities: ReadonlyMap<string, readonly SimulatedCity[]>,
  requestsPerDay = 40_000,
): FailedHour[] {
  const server = SIMULATED_SERVERS[seed % SIMULATED_SERVERS.length]!.name;
  const hour = 8 + ((seed * 5) % 14);
  const incident = {
    kind: "server-failure",
    server,
    startHours: WEEK_HOURS + hour,
    minutes: 60,
    outageMinutes: 0,
  } as const;
  const days = 7 + (hour + 1) / 24;
  const spec = { seed, start: START, days, requestsPerDay, servers: SIMULATED_SERVERS, incidents: [incident] };
  const events = eventsFromObjects([...simulateTraffic(spec, locator, cities).requests], {
    locator,
    dimensions: ["pop"],
  });
  const cubeOf = (fromHours: number, toHours: number): Cube => {
    const [fromMs, toMs] = [fromHours, toHours].map((hours) => parseTimeMs(START) + hours * HOUR_MS);
    return Cube.from(events as Events, { bucketSeconds: 300, dimensions: ["pop"], fromMs: fromMs!, toMs: toMs! });
  };
  const week = cubeOf(0, WEEK_HOURS);
  const model = latencyModel({ cube: week, servers: SIMULATED_SERVERS });
  const plan = planFailover(week, {
    servers: SIMULATED_SERVERS,
    model,
    down: [server],
    steering: "nearest",
    pairs: false,
  });
  const predicted = plan.asked!.hours.find(({ slot }) => slot === hour)!;
  const after = cubeOf(WEEK_HOURS + hour, WEEK_HOURS + hour + 1);
  return predicted.servers.flatMap(({ name, load, p95 }) => {
    const own = after.slice({ values: { pop: name } });
    const bins = new Float64Array(own.latencyBins.count);
    for (let group = 0; group < own.groups.length; group++) own.latencyInto(group, bins);
    const count = own.groups.count.reduce((sum: number, n: number) => sum + n, 0);
    if (p95 === null || count < 20) return [];
    return {
      server: name,
      load: { ...load, truth: count / 3600 },
      p95: { ...p95, truth: own.latencyBins.quantile(bins, 0.95) },
    };
  });
}

/** Share of hours whose truth lies within the interval. */
export function covered(hours: readonly FailedHour[], of: "load" | "p95"): number {
  return (
    hours.filter((hour) => hour[of].truth >= hour[of].low && hour[of].truth <= hour[of].high).length / hours.length
  );
}
