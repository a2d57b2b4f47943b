import { ipv4Text } from "../core/addressColumn.js";
import { HOUR_MS, MINUTE_MS, parseTimeMs } from "../core/time.js";
import type { Community } from "./population.js";
import { nearestOf, roundTripsMs } from "./serverWays.js";
import type { SimulatedRequest } from "./simulatedRequest.js";
import type { ServerSpec, TrafficSpec } from "./trafficSpec.js";

interface Failure {
  readonly server: number;
  readonly startMs: number;
  /** From here on, others serve. */
  readonly movedMs: number;
  readonly endMs: number;
}

/** Names the server of each request: the nearest that is up, with the latency of the way to it. */
export function* servedRequests(
  requests: Iterable<SimulatedRequest>,
  spec: TrafficSpec,
  startMs: number,
  communities: readonly Community[],
): Generator<SimulatedRequest> {
  const servers = spec.servers!;
  const failures = failuresOf(spec, servers, startMs);
  const homes = new Map(communities.flatMap((home) => home.addresses.map((ip) => [ipv4Text(ip), home] as const)));
  const ways = new Map(
    communities.map((home) => [home, { order: nearestOf(home, servers), ms: roundTripsMs(home, servers) }]),
  );
  for (const request of requests) {
    const way = ways.get(homes.get(request.ip)!)!;
    const timeMs = parseTimeMs(request.ts);
    const lost = failures.filter((one) => timeMs >= one.startMs && timeMs < one.endMs);
    const first = way.order[0]!;
    const own = lost.find(({ server }) => server === first);
    if (own !== undefined && timeMs < own.movedMs) continue;
    const server = way.order.find((s) => !lost.some((one) => one.server === s));
    if (server === undefined) continue;
    const latency = request.latency_ms + way.ms[server]! - way.ms[first]!;
    yield { ...request, latency_ms: Math.round(10 * Math.max(1, latency)) / 10, pop: servers[server]!.name };
  }
}

function failuresOf({ incidents }: TrafficSpec, servers: readonly ServerSpec[], startMs: number): Failure[] {
  return incidents.flatMap((incident) => {
    if (incident.kind !== "server-failure") return [];
    const from = startMs + incident.startHours * HOUR_MS;
    const server = servers.findIndex(({ name }) => name === incident.server);
    const movedMs = from + (incident.outageMinutes ?? 3) * MINUTE_MS;
    return { server, startMs: from, movedMs, endMs: from + incident.minutes * MINUTE_MS };
  });
}
