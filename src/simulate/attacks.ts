import { ipv4Text } from "../core/addressColumn.js";
import type { Random } from "../core/random.js";
import { type IncidentPlan, placeOf } from "./incidentPlan.js";
import type { Community } from "./population.js";
import { PATHS } from "./texture/paths.js";
import type { TextureSpec } from "./texture/textureSpec.js";
import type { IncidentSpec } from "./trafficSpec.js";

type AttackSpec = Extract<IncidentSpec, { kind: "credential-stuffing" | "traffic-surge" | "scraper" }>;
type Span = { readonly startMs: number; readonly endMs: number };

/** Whom an attack is on, and where it comes from. */
export interface AttackSetting {
  readonly area: readonly Community[];
  readonly communities: readonly Community[];
  readonly texture: Pick<TextureSpec, "loginWorks" | "loginFails">;
  readonly random: Random;
}

/** One log-in in this many succeeds when stolen passwords are tried. */
const STUFFING_SUCCESS = 1 / 60;
/** The part of the time from one wave to the next that a wave lasts. */
const WAVE = 1 / 3;

/** Many requests out of some addresses: log-ins with stolen passwords, a flood of one page, a scraper. */
export function planAttack(plan: IncidentPlan, span: Span, incident: AttackSpec, setting: AttackSetting): void {
  if (incident.kind === "credential-stuffing") planStuffing(plan, span, incident, setting);
  else planFlood(plan, span, incident, setting);
}

function planStuffing(
  plan: IncidentPlan,
  span: Span,
  incident: Extract<AttackSpec, { kind: "credential-stuffing" }>,
  { area, communities, texture, random }: AttackSetting,
): void {
  const { attempts, addresses, spread = false, waves = 1 } = incident;
  const sources = Array.from({ length: addresses }, () => sourceIn(spread ? random.pick(area) : area[0]!, random));
  const opened: string[] = [];
  const peopled = communities.filter((c) => c.users.length > 0);
  const used = new Set<(typeof sources)[number]>();
  for (let n = attempts; n > 0; n--) {
    const source = random.pick(sources);
    used.add(source);
    const user = random.pick(random.pick(peopled).users).name;
    const success = random.next() < STUFFING_SUCCESS;
    if (success) opened.push(user);
    const status = success ? texture.loginWorks : texture.loginFails;
    const timeMs = momentIn(span, waves, random);
    plan.injections.push({ timeMs, ...source, user, status, service: "checkout", path: "/login" });
  }
  const places = [...new Set([...used].map((s) => s.from))].map(placeOf);
  const ips = [...new Set([...used].map((s) => ipv4Text(s.address)))];
  plan.incidents.push({ kind: incident.kind, ...span, places, ips, users: [...new Set(opened)] });
}

function planFlood(
  plan: IncidentPlan,
  span: Span,
  incident: Extract<AttackSpec, { kind: "traffic-surge" | "scraper" }>,
  { area, random }: AttackSetting,
): void {
  const from = area[0]!;
  const count = incident.kind === "scraper" ? 1 : incident.addresses;
  const addresses = Array.from({ length: count }, () => random.pick(from.addresses));
  for (let n = 0; n < incident.requests; n++) {
    const address = random.pick(addresses);
    const status = random.next() < 0.9 ? 200 : 429;
    const { path, service } = incident.kind === "scraper" ? random.pick(PATHS) : { path: "/pricing", service: "web" };
    const part = incident.kind === "scraper" ? (n + random.next()) / incident.requests : random.next();
    const timeMs = Math.floor(span.startMs + part * (span.endMs - span.startMs));
    plan.injections.push({ timeMs, from, address, status, service, path });
  }
  const ips = [...new Set(addresses)].map(ipv4Text);
  plan.incidents.push({ kind: incident.kind, ...span, places: [placeOf(from)], ips, users: [] });
}

const sourceIn = (from: Community, random: Random) => ({ from, address: random.pick(from.addresses) });

/** A moment of a span, or of one of the waves in it. */
function momentIn({ startMs, endMs }: Span, waves: number, random: Random): number {
  if (waves <= 1) return Math.floor(startMs + random.next() * (endMs - startMs));
  const lengthMs = (endMs - startMs) / (waves - 1 + WAVE);
  return Math.floor(startMs + (random.int(waves) + WAVE * random.next()) * lengthMs);
}
