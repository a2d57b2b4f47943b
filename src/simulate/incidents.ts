import type { Random } from "../core/random.js";
import { HOUR_MS, MINUTE_MS } from "../core/time.js";
import { greatCircleKm } from "../grid/distance.js";
import { planAccounts } from "./accounts.js";
import { planAttack } from "./attacks.js";
import { simulateError } from "./errors.js";
import { type IncidentPlan, placeOf } from "./incidentPlan.js";
import type { Community } from "./population.js";
import { nearestOf } from "./serverWays.js";
import { textureOf } from "./texture/textureSpec.js";
import type { AreaSpec, IncidentSpec, TrafficSpec } from "./trafficSpec.js";

/** Turns the spec's incidents into changes of the ordinary traffic and requests added to it, in time order. */
export function planIncidents(
  spec: TrafficSpec,
  startMs: number,
  communities: readonly Community[],
  random: Random,
): IncidentPlan {
  const plan: IncidentPlan = { effects: [], injections: [], incidents: [] };
  spec.incidents.forEach((incident, i) => {
    const from = startMs + incident.startHours * HOUR_MS;
    const span = { startMs: from, endMs: from + incident.minutes * MINUTE_MS };
    if (incident.kind === "impossible-travel" || incident.kind === "shared-account") {
      planAccounts(plan, span, incident, communities, random);
      return;
    }
    if (incident.kind === "server-failure") {
      const places = servedBy(spec, incident.server, communities, i);
      plan.incidents.push({ kind: incident.kind, ...span, places, ips: [], users: [] });
      return;
    }
    const area = communities.filter((c) => isIn(incident.area, c));
    if (area.length === 0) throw simulateError("no-such-area", { incident: i });
    if (incident.kind === "credential-stuffing" || incident.kind === "traffic-surge" || incident.kind === "scraper")
      planAttack(plan, span, incident, { area, communities, texture: textureOf(spec.texture ?? "plain"), random });
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

function effectOf(incident: Extract<IncidentSpec, { kind: "traffic-drop" | "errors" | "refused" | "latency" }>) {
  if (incident.kind === "traffic-drop") return { lost: incident.lost };
  if (incident.kind === "latency") return { factor: incident.factor };
  const { failing, service, version, pop } = incident;
  const status = incident.kind === "refused" ? (incident.status ?? 403) : undefined;
  return {
    failing,
    ...(service !== undefined && { service }),
    ...(version !== undefined && { version }),
    ...(pop !== undefined && { pop }),
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
