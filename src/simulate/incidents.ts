import { ipv4Text } from "../core/addressColumn.js";
import type { Random } from "../core/random.js";
import { HOUR_MS, MINUTE_MS } from "../core/time.js";
import { greatCircleKm } from "../grid/distance.js";
import { simulateError } from "./errors.js";
import type { Community } from "./population.js";
import { nearestOf } from "./serverWays.js";
import type { AreaSpec, IncidentSpec, TrafficSpec } from "./trafficSpec.js";

/** What really happened: the answer that findings are held against. */
export interface SimulatedIncident {
  readonly kind: IncidentSpec["kind"];
  readonly startMs: number;
  readonly endMs: number;
  readonly places: readonly {
    readonly country: string;
    readonly region: string;
    readonly city: string;
    readonly lat: number;
    readonly lon: number;
  }[];
  readonly ips: readonly string[];
  readonly users: readonly string[];
}

/** A change to the ordinary traffic of some cities. */
export interface Effect {
  readonly startMs: number;
  readonly endMs: number;
  readonly area: ReadonlySet<Community>;
  readonly lost?: number;
  readonly failing?: number;
  readonly factor?: number;
  readonly service?: string;
  readonly version?: string;
  /** What failing requests are answered with; default 503 and 504. */
  readonly status?: number;
}

/** A request at a moment from a city; what is not given is drawn as for any visitor. */
export interface Injection {
  readonly timeMs: number;
  readonly from: Community;
  readonly address?: number;
  readonly user?: string;
  readonly status?: number;
  readonly service?: string;
  readonly path?: string;
}

interface Plan {
  readonly effects: Effect[];
  readonly injections: Injection[];
  readonly incidents: SimulatedIncident[];
}

/** One log-in in this many succeeds when stolen passwords are tried. */
const STUFFING_SUCCESS = 1 / 60;

/** Farther apart than any flight between two requests a quarter of an hour apart explains. */
const FAR_DEGREES = 50;

/** Turns the spec's incidents into changes of the ordinary traffic and requests added to it, in time order. */
export function planIncidents(
  spec: TrafficSpec,
  startMs: number,
  communities: readonly Community[],
  random: Random,
): Plan {
  const plan: Plan = { effects: [], injections: [], incidents: [] };
  spec.incidents.forEach((incident, i) => {
    const from = startMs + incident.startHours * HOUR_MS;
    const span = { startMs: from, endMs: from + incident.minutes * MINUTE_MS };
    if (incident.kind === "server-failure") {
      plan.incidents.push({
        kind: incident.kind,
        ...span,
        places: servedBy(spec, incident.server, communities, i),
        ips: [],
        users: [],
      });
      return;
    }
    const area = incident.kind === "impossible-travel" ? [] : communities.filter((c) => isIn(incident.area, c));
    if (incident.kind !== "impossible-travel" && area.length === 0)
      throw simulateError("no-such-area", { incident: i });
    if (incident.kind === "impossible-travel") travel(plan, span, incident.accounts, communities, random);
    else if (incident.kind === "credential-stuffing" || incident.kind === "traffic-surge")
      attack(plan, span, incident, area, communities, random);
    else {
      plan.effects.push({ ...span, ...effectOf(incident), area: new Set(area) });
      plan.incidents.push({ kind: incident.kind, ...span, places: area.map(placeOf), ips: [], users: [] });
    }
  });
  plan.injections.sort((a, b) => a.timeMs - b.timeMs);
  return plan;
}

/** The places that a server serves while all are up. Throws `no-such-area` where there are none. */
function servedBy(spec: TrafficSpec, server: string, communities: readonly Community[], incident: number) {
  const { servers = [] } = spec;
  const at = servers.findIndex(({ name }) => name === server);
  const served = communities.filter((c) => at >= 0 && nearestOf(c, servers)[0] === at);
  if (served.length === 0) throw simulateError("no-such-area", { incident });
  return served.map(placeOf);
}

type Span = { readonly startMs: number; readonly endMs: number };

/** Many requests out of a few addresses of one city: log-ins with stolen passwords, or a scraper. */
function attack(
  plan: Plan,
  span: Span,
  incident: Extract<IncidentSpec, { kind: "credential-stuffing" | "traffic-surge" }>,
  area: readonly Community[],
  communities: readonly Community[],
  random: Random,
): void {
  const from = area[0]!;
  const addresses = Array.from({ length: incident.addresses }, () => random.pick(from.addresses));
  const stuffing = incident.kind === "credential-stuffing";
  const opened: string[] = [];
  for (let n = stuffing ? incident.attempts : incident.requests; n > 0; n--) {
    const timeMs = Math.floor(span.startMs + random.next() * (span.endMs - span.startMs));
    const address = random.pick(addresses);
    if (!stuffing) {
      plan.injections.push({
        timeMs,
        from,
        address,
        status: random.next() < 0.9 ? 200 : 429,
        service: "web",
        path: "/pricing",
      });
      continue;
    }
    const user = random.pick(random.pick(communities).users).name;
    const status = random.next() < STUFFING_SUCCESS ? 200 : 401;
    if (status === 200) opened.push(user);
    plan.injections.push({ timeMs, from, address, user, status, service: "checkout", path: "/login" });
  }
  const ips = [...new Set(addresses)].map(ipv4Text);
  plan.incidents.push({ kind: incident.kind, ...span, places: [placeOf(from)], ips, users: [...new Set(opened)] });
}

/** Three requests from home, then six from an address on another continent within the same half hour, an account at a time. */
function travel(plan: Plan, span: Span, accounts: number, communities: readonly Community[], random: Random): void {
  for (let n = 0; n < accounts; n++) {
    const user = random.pick(random.pick(communities).users);
    const far = random.pick(communities.filter((c) => Math.abs(c.lon - user.home.lon) > FAR_DEGREES));
    const address = random.pick(far.addresses);
    const atMs = Math.floor(span.startMs + random.next() * (span.endMs - span.startMs));
    for (let k = 0; k < 3; k++) {
      plan.injections.push({
        timeMs: atMs - (20 - 6 * k) * MINUTE_MS,
        from: user.home,
        address: user.address,
        user: user.name,
        status: 200,
      });
    }
    for (let k = 0; k < 6; k++)
      plan.injections.push({ timeMs: atMs + 2 * k * MINUTE_MS, from: far, address, user: user.name, status: 200 });
    const endMs = atMs + 10 * MINUTE_MS;
    plan.incidents.push({
      kind: "impossible-travel",
      startMs: atMs,
      endMs,
      places: [placeOf(far)],
      ips: [ipv4Text(address)],
      users: [user.name],
    });
  }
}

function effectOf(incident: Extract<IncidentSpec, { kind: "traffic-drop" | "errors" | "refused" | "latency" }>) {
  if (incident.kind === "traffic-drop") return { lost: incident.lost };
  if (incident.kind === "latency") return { factor: incident.factor };
  const { failing, service, version } = incident;
  const status = incident.kind === "refused" ? (incident.status ?? 403) : undefined;
  return {
    failing,
    ...(service !== undefined && { service }),
    ...(version !== undefined && { version }),
    ...(status !== undefined && { status }),
  };
}

function isIn(area: AreaSpec, c: Community): boolean {
  return (
    (!area.countries || area.countries.includes(c.country)) &&
    (!area.regions || area.regions.includes(c.region)) &&
    (!area.cities || area.cities.includes(c.city)) &&
    (!area.around || greatCircleKm(area.around.lat, area.around.lon, c.lat, c.lon) <= area.around.radiusKm)
  );
}

function placeOf({ country, region, city, lat, lon }: Community): SimulatedIncident["places"][number] {
  return { country, region, city, lat, lon };
}
