import { ipv4Text } from "../core/addressColumn.js";
import type { Random } from "../core/random.js";
import { HOUR_MS, MINUTE_MS } from "../core/time.js";
import { type IncidentPlan, placeOf } from "./incidentPlan.js";
import type { Community } from "./population.js";
import type { IncidentSpec } from "./trafficSpec.js";

type Span = { readonly startMs: number; readonly endMs: number };

/** Farther apart than any flight between two requests a quarter of an hour apart explains. */
const FAR_DEGREES = 50;

/** Accounts that are used where their owners are not. */
export function planAccounts(
  plan: IncidentPlan,
  span: Span,
  { kind, accounts }: Extract<IncidentSpec, { kind: "impossible-travel" | "shared-account" }>,
  communities: readonly Community[],
  random: Random,
): void {
  const peopled = communities.filter((c) => c.users.length > 0);
  for (let n = 0; n < accounts; n++) {
    const user = random.pick(random.pick(peopled).users);
    const far = random.pick(communities.filter((c) => Math.abs(c.lon - user.home.lon) > FAR_DEGREES));
    const account = { user, far, address: random.pick(far.addresses) };
    const times = kind === "shared-account" ? share(plan, span, account, random) : steal(plan, span, account, random);
    const ips = [ipv4Text(account.address)];
    plan.incidents.push({ kind, ...times, places: [placeOf(far)], ips, users: [user.name] });
  }
}

interface Account {
  readonly user: Community["users"][number];
  readonly far: Community;
  readonly address: number;
}

/** Three requests from home, then six from an address on another continent within the same half hour. */
function steal(plan: IncidentPlan, span: Span, { user, far, address }: Account, random: Random): Span {
  const atMs = Math.floor(span.startMs + random.next() * (span.endMs - span.startMs));
  const ofUser = { user: user.name, status: 200 };
  for (let k = 0; k < 3; k++) {
    const timeMs = atMs - (20 - 6 * k) * MINUTE_MS;
    plan.injections.push({ timeMs, from: user.home, address: user.address, ...ofUser });
  }
  for (let k = 0; k < 6; k++) plan.injections.push({ timeMs: atMs + 2 * k * MINUTE_MS, from: far, address, ...ofUser });
  return { startMs: atMs, endMs: atMs + 10 * MINUTE_MS };
}

/** Hours at home and hours away, in turn; who is awake asks every few minutes. */
function share(plan: IncidentPlan, span: Span, { user, far, address }: Account, random: Random): Span {
  const home = { from: user.home, address: user.address };
  for (let timeMs = span.startMs; timeMs < span.endMs; timeMs += (2 + 8 * random.next()) * MINUTE_MS) {
    const away = Math.floor((timeMs - span.startMs) / HOUR_MS) % 2 === 1;
    if (isNight(away ? far : user.home, timeMs)) continue;
    plan.injections.push({
      timeMs: Math.floor(timeMs),
      ...(away ? { from: far, address } : home),
      user: user.name,
      status: 200,
    });
  }
  return { startMs: span.startMs, endMs: span.endMs };
}

/** By the sun, from midnight to seven. */
function isNight({ lon }: Community, timeMs: number): boolean {
  return (timeMs / HOUR_MS + lon / 15 + 24) % 24 < 7;
}
