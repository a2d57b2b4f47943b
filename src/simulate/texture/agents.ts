import type { Random } from "../../core/random.js";
import type { Community } from "../population.js";
import type { TextureSpec } from "./textureSpec.js";

/** Somebody who looks at pages. */
export interface Visitor {
  readonly address: number;
  readonly user: number;
  /** Factor of the latency that is this visitor's own. */
  readonly slowness: number;
}

/** A city and everyone who asks from there. */
export interface Settlement {
  readonly community: Community;
  readonly index: number;
  readonly visitors: readonly Visitor[];
  /** Sessions a day. */
  readonly sessionsPerDay: number;
}

/** A client that asks on the minute. */
export interface Poller {
  readonly city: number;
  readonly address: number;
  readonly user: number;
  readonly everyMs: number;
  readonly phaseMs: number;
  readonly calls: number;
  readonly path: number;
}

/** A client that reads everything, for some hours. */
export interface Crawler {
  readonly city: number;
  readonly address: number;
  readonly perHour: number;
  /** Hours of work and of rest, in turn. */
  readonly workHours: number;
  readonly restHours: number;
  readonly phaseHours: number;
}

export const requestsPerPage = ({ assetsPerPage }: TextureSpec): number => 1 + assetsPerPage;

/** Somebody has a session on this share of all days. */
const SESSIONS_PER_DAY = 0.6;
/** So many people come through one of a carrier's addresses, where there are that many. */
const CARRIER_ADDRESSES = 3;

/** Settles the people of every city. */
export function settleVisitors(
  texture: TextureSpec,
  communities: readonly Community[],
  startUser: number,
  random: Random,
): Settlement[] {
  const people = 1 - texture.sync - texture.crawlers;
  const carriers = new Map<string, number[]>();
  let user = startUser;
  return communities.map((community, index) => {
    const sessionsPerDay = (people * community.perDay) / (texture.pagesPerSession * requestsPerPage(texture));
    const shared =
      carriers.get(community.country) ??
      Array.from({ length: CARRIER_ADDRESSES }, () => random.pick(community.addresses));
    carriers.set(community.country, shared);
    const count = Math.max(6, Math.round(sessionsPerDay / SESSIONS_PER_DAY));
    const visitors = Array.from(
      { length: count },
      (): Visitor => ({
        address: random.next() < texture.carriers ? random.pick(shared) : addressNear(community, random),
        user: random.next() < 0.7 ? ++user : 0,
        slowness: Math.exp(0.3 * random.normal()),
      }),
    );
    return { community, index, visitors, sessionsPerDay };
  });
}

/** An address of a city: one that the database was seen to place there, or a neighbour of it within its last four bits. */
function addressNear(community: Community, random: Random): number {
  const known = random.pick(community.addresses);
  return (known - (known % 16) + random.int(16)) >>> 0;
}

const SYNC_MINUTES = [1, 5, 5, 15, 15, 60];

/** Clients that ask every few minutes, up to a number of requests a day. */
export function makePollers(
  texture: TextureSpec,
  settlements: readonly Settlement[],
  path: { readonly sync: number; readonly health: number },
  random: Random,
): Poller[] {
  const pollers: Poller[] = [];
  for (const { community, index, visitors } of settlements) {
    let left = texture.sync * community.perDay;
    while (left > 0) {
      const minutes = random.pick(SYNC_MINUTES);
      const calls = random.next() < 0.15 ? 5 + random.int(60) : 1 + random.int(3);
      const perDay = (calls * 1440) / minutes;
      if (perDay > 4 * left && random.next() < 0.8) {
        if (left < 24) break;
        continue;
      }
      left -= perDay;
      const { address, user } = random.pick(visitors);
      const everyMs = minutes * 60_000;
      pollers.push({ city: index, address, user, everyMs, phaseMs: random.int(everyMs), calls, path: path.sync });
    }
  }
  for (let i = 0; i < texture.monitors; i++) {
    const { index, community } = random.pick(settlements);
    const address = random.pick(community.addresses);
    pollers.push({ city: index, address, user: 0, everyMs: 60_000, phaseMs: i * 7000, calls: 1, path: path.health });
  }
  return pollers;
}

/** A handful of crawlers that together make their share. */
export function makeCrawlers(
  texture: TextureSpec,
  settlements: readonly Settlement[],
  perDay: number,
  random: Random,
): Crawler[] {
  if (texture.crawlers === 0) return [];
  return Array.from({ length: 5 }, () => {
    const { index, community } = random.pick(settlements);
    const workHours = 1 + random.int(7);
    const restHours = 1 + random.int(20);
    const perHour = (((texture.crawlers * perDay) / 5 / 24) * (workHours + restHours)) / workHours;
    const phaseHours = random.int(workHours + restHours);
    return { city: index, address: random.pick(community.addresses), perHour, workHours, restHours, phaseHours };
  });
}
