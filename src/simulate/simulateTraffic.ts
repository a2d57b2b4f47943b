import { ipv4Text } from "../core/addressColumn.js";
import type { Events } from "../core/events.js";
import { Random } from "../core/random.js";
import { DAY_MS, HOUR_MS, isoTime, MINUTE_MS, parseTimeMs } from "../core/time.js";
import type { Locator } from "../locate/locator.js";
import type { SimulatedCity } from "./cityWorld.js";
import type { Effect, Injection, SimulatedIncident } from "./incidentPlan.js";
import { planIncidents } from "./incidents.js";
import { type Community, type SimulatedUser, settle } from "./population.js";
import { servedRequests } from "./servedRequests.js";
import type { SimulatedRequest } from "./simulatedRequest.js";
import { settleVisitors, type Visitor } from "./texture/agents.js";
import { requestOf } from "./texture/requestOf.js";
import { texturedEvents } from "./texture/texturedEvents.js";
import { TexturedTraffic, type TexturePlan } from "./texture/texturedTraffic.js";
import { textureOf } from "./texture/textureSpec.js";
import type { TrafficSpec } from "./trafficSpec.js";

export interface Simulation {
  /** In time order; made while it is read, so that its length does not matter. Can be read once. */
  readonly requests: Iterable<SimulatedRequest>;
  /** What really happened, for judging what was found. */
  readonly incidents: readonly SimulatedIncident[];
}

const SERVICES: readonly (readonly [name: string, upTo: number, paths: readonly string[]])[] = [
  ["api", 0.55, ["/v1/items", "/v1/search", "/v1/orders", "/v1/me"]],
  ["web", 0.88, ["/", "/pricing", "/docs", "/app"]],
  ["checkout", 1, ["/cart", "/pay", "/login"]],
];

/** Variance of a quarter of an hour's traffic beyond Poisson: a gamma factor of this shape for each city. */
const BURST_SHAPE = 80;

/**
 * Makes traffic with incidents in it: daily and weekly rhythm by the sun, users with home addresses, latency by place,
 * bursts beyond Poisson, ordinary errors.
 *
 * Throws `no-such-area` if an incident's area holds none of the simulated cities.
 *
 * @param cities - of each country, the largest first; drawn from the locator where not given
 */
export function simulateTraffic(
  spec: TrafficSpec,
  locator: Locator,
  cities?: ReadonlyMap<string, readonly SimulatedCity[]>,
): Simulation {
  const random = new Random(spec.seed);
  const startMs = parseTimeMs(spec.start);
  const communities = settle(spec, locator, random, cities);
  const served = (requests: Iterable<SimulatedRequest>): Iterable<SimulatedRequest> =>
    spec.servers ? servedRequests(requests, spec, startMs, communities) : requests;
  if (spec.texture === undefined) {
    const plan = planIncidents(spec, startMs, communities, random);
    return { requests: served(run(spec, startMs, communities, plan, random)), incidents: plan.incidents };
  }
  const { plan, incidents } = texturePlan(spec, startMs, communities, random);
  return { requests: served(texturedRequests(plan, random)), incidents };
}

/**
 * The same traffic as {@link simulateTraffic}'s of a spec with a texture, as batches of events: what reading its log would
 * give, without writing one. Throws what that throws.
 *
 * Servers of the spec give latencies, but no `pop` here and no failures.
 *
 * @param cities - of each country, the largest first, as `drawCities` finds them; drawn from the seed where not given
 */
export function simulateEvents(
  spec: TrafficSpec,
  locator: Locator,
  cities?: ReadonlyMap<string, readonly SimulatedCity[]>,
): { readonly batches: Iterable<Events>; readonly incidents: readonly SimulatedIncident[] } {
  const random = new Random(spec.seed);
  const startMs = parseTimeMs(spec.start);
  const communities = settle(spec, locator, random, cities);
  const { plan, incidents } = texturePlan(spec, startMs, communities, random);
  return { batches: texturedEvents(new TexturedTraffic(plan, random), plan, locator), incidents };
}

/** Attacks and thefts are of the people who really come. */
function texturePlan(
  spec: TrafficSpec,
  startMs: number,
  settled: readonly Community[],
  random: Random,
): { readonly plan: TexturePlan; readonly incidents: readonly SimulatedIncident[] } {
  const texture = textureOf(spec.texture ?? "plain");
  const settlements = settleVisitors(texture, settled, 0, random);
  const communities = settled.map((community, i) => withVisitors(community, settlements[i]!.visitors));
  const { incidents, ...rest } = planIncidents(spec, startMs, communities, random);
  return { plan: { texture, startMs, days: spec.days, communities, settlements, ...rest }, incidents };
}

function withVisitors(community: Community, visitors: readonly Visitor[]): Community {
  const users: SimulatedUser[] = [];
  const peopled = { ...community, users };
  for (const { user, address } of visitors) if (user > 0) users.push({ name: `user-${user}`, home: peopled, address });
  return peopled;
}

function* texturedRequests(plan: TexturePlan, random: Random): Generator<SimulatedRequest> {
  for (const { rows, order } of new TexturedTraffic(plan, random).hours())
    for (const i of order) yield requestOf(plan, rows, i);
}

function* run(
  spec: TrafficSpec,
  startMs: number,
  communities: readonly Community[],
  plan: { readonly effects: readonly Effect[]; readonly injections: readonly Injection[] },
  random: Random,
): Generator<SimulatedRequest> {
  const endMs = startMs + spec.days * DAY_MS;
  const burst = new Float64Array(communities.length).fill(1);
  let injected = 0;
  for (let minuteMs = startMs; minuteMs < endMs; minuteMs += MINUTE_MS) {
    if ((minuteMs - startMs) % (15 * MINUTE_MS) === 0) {
      for (let i = 0; i < burst.length; i++) burst[i] = random.gamma(BURST_SHAPE) / BURST_SHAPE;
    }
    const minute: Injection[] = [];
    communities.forEach((from, i) => {
      const gone = plan.effects.reduce((lost, e) => (active(e, minuteMs, from) ? lost * (1 - (e.lost ?? 0)) : lost), 1);
      const mean = (from.perDay / 1440) * rhythm(minuteMs, from.lon) * burst[i]! * gone;
      for (let n = random.poisson(mean); n > 0; n--)
        minute.push({ timeMs: Math.floor(minuteMs + random.next() * MINUTE_MS), from });
    });
    while (injected < plan.injections.length && plan.injections[injected]!.timeMs < minuteMs + MINUTE_MS) {
      minute.push(plan.injections[injected++]!);
    }
    minute.sort((a, b) => a.timeMs - b.timeMs);
    for (const one of minute) yield request(one, plan.effects, random);
  }
}

function request(one: Injection, effects: readonly Effect[], random: Random): SimulatedRequest {
  const { from, timeMs } = one;
  const x = random.next();
  const [service, , paths] = one.service
    ? SERVICES.find(([name]) => name === one.service)!
    : SERVICES.find(([, upTo]) => x < upTo)!;
  const path = one.path ?? random.pick(paths);
  const visitor = random.pick(from.users);
  const user = one.user ?? (one.address === undefined && random.next() < 0.7 ? visitor.name : undefined);
  let latency = from.roundTripMs * (0.9 + 0.2 * random.next()) + Math.exp(3.2 + 0.5 * random.normal());
  let status = one.status ?? ordinaryStatus(path, random);
  let version = "";
  const draw = (): string => (random.next() < 0.9 ? "4.2.0" : "4.3.0");
  if (effects.some((e) => e.version !== undefined)) version = draw();
  for (const e of effects) {
    if (!active(e, timeMs, from) || (e.service !== undefined && e.service !== service)) continue;
    if (e.version !== undefined && e.version !== version) continue;
    latency *= e.factor ?? 1;
    if (e.failing && one.status === undefined && random.next() < e.failing)
      status = e.status ?? (random.next() < 0.7 ? 503 : 504);
  }
  return {
    ts: isoTime(timeMs),
    ip: ipv4Text(one.address ?? visitor.address),
    status,
    latency_ms: Math.round(latency * 10) / 10,
    ...(user !== undefined && { user }),
    service,
    method: path === "/login" || path === "/pay" ? "POST" : "GET",
    path,
    version: version || draw(),
    bytes: 200 + random.int(20_000),
  };
}

function ordinaryStatus(path: string, random: Random): number {
  const x = random.next();
  if (x < 0.004) return 500;
  if (x < 0.03) return 404;
  return path === "/login" && x < 0.1 ? 401 : 200;
}

function active(effect: Effect, timeMs: number, from: Community): boolean {
  return timeMs >= effect.startMs && timeMs < effect.endMs && effect.area.has(from);
}

/** Share of the daily mean at a moment: quiet at night, busiest at 14:30 by the sun, half as busy at weekends. */
function rhythm(timeMs: number, lon: number): number {
  const local = timeMs + (lon / 15) * HOUR_MS;
  const hour = (local / HOUR_MS) % 24;
  const fromPeak = ((hour - 14.5 + 36) % 24) - 12;
  const day = new Date(local).getUTCDay();
  return 1.6 * (0.25 + 0.75 * Math.exp(-(fromPeak ** 2) / 26)) * (day === 0 || day === 6 ? 0.55 : 1);
}
