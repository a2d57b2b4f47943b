import type { Random } from "../../core/random.js";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../core/time.js";
import type { Effect, Injection } from "../incidentPlan.js";
import type { Community } from "../population.js";
import { type Crawler, makeCrawlers, makePollers, type Poller, type Settlement, type Visitor } from "./agents.js";
import { Calendar } from "./calendar.js";
import { CART, FIRST_ASSET, FIRST_CALL, FIRST_PAGE, HEALTH, LOGIN, PATHS, pathNumber, SYNC } from "./paths.js";
import { popOf } from "./pops.js";
import { RequestRows } from "./requestRows.js";
import type { TextureSpec } from "./textureSpec.js";

/** What traffic is made from. */
export interface TexturePlan {
  readonly texture: TextureSpec;
  readonly startMs: number;
  readonly days: number;
  readonly communities: readonly Community[];
  /** The people of each community. */
  readonly settlements: readonly Settlement[];
  readonly effects: readonly Effect[];
  readonly injections: readonly Injection[];
}

const STEP_MS = 15 * MINUTE_MS;
/** Users of injected requests are numbered downwards from -1, in their order. */
export const injectedUser = (number: number): number => -1 - number;
/** A session in this many is of a client for which nothing works. */
const BROKEN = 1 / 400;
const RELEASE_HOURS = 6;

/** Makes requests hour by hour: sessions of page views with what a page brings, pollers, crawlers, and what was injected. */
export class TexturedTraffic {
  readonly #plan: TexturePlan;
  readonly #random: Random;
  readonly #calendar: Calendar;
  readonly #settlements: readonly Settlement[];
  readonly #pollers: readonly Poller[];
  readonly #crawlers: readonly Crawler[];
  readonly #releaseMs: number;
  #rows = new RequestRows();
  #injected = 0;

  constructor(plan: TexturePlan, random: Random) {
    const { texture, communities, startMs, days } = plan;
    this.#plan = plan;
    this.#random = random;
    this.#calendar = new Calendar(texture, startMs, days, communities, random);
    this.#settlements = plan.settlements;
    this.#pollers = makePollers(texture, this.#settlements, { sync: SYNC, health: HEALTH }, random);
    const perDay = communities.reduce((sum, c) => sum + c.perDay, 0);
    this.#crawlers = makeCrawlers(texture, this.#settlements, perDay, random);
    this.#releaseMs = texture.release
      ? startMs + (0.4 + 0.5 * random.next()) * days * DAY_MS
      : Number.POSITIVE_INFINITY;
  }

  /** The requests of each hour, and their order in time. */
  *hours(): Generator<{ readonly rows: RequestRows; readonly order: Uint32Array }> {
    const { startMs, days } = this.#plan;
    const endMs = startMs + days * DAY_MS;
    for (let hourMs = startMs; hourMs < endMs; hourMs += HOUR_MS) {
      const untilMs = Math.min(endMs, hourMs + HOUR_MS);
      this.#calendar.nextHour();
      for (const settlement of this.#settlements) this.#sessions(settlement, hourMs, untilMs);
      for (const poller of this.#pollers) this.#poll(poller, hourMs, untilMs);
      for (const crawler of this.#crawlers) this.#crawl(crawler, hourMs, untilMs);
      this.#inject(untilMs);
      const rows = this.#rows;
      const order = Uint32Array.from({ length: rows.length }, (_, i) => i)
        .filter((i) => rows.timeMs[i]! < untilMs)
        .sort((a, b) => rows.timeMs[a]! - rows.timeMs[b]! || a - b);
      yield { rows, order };
      const later = new RequestRows();
      for (let i = 0; i < rows.length; i++) if (rows.timeMs[i]! >= untilMs) later.push(rows.at(i));
      this.#rows = later;
    }
  }

  #sessions({ visitors, index, sessionsPerDay }: Settlement, fromMs: number, untilMs: number): void {
    const random = this.#random;
    for (let stepMs = fromMs; stepMs < untilMs; stepMs += STEP_MS) {
      const mean = sessionsPerDay * (STEP_MS / DAY_MS) * this.#calendar.factorAt(index, stepMs + STEP_MS / 2);
      for (let n = random.poisson(mean); n > 0; n--) {
        // Some come far more often than others.
        const visitor = visitors[Math.floor(visitors.length * random.next() ** 1.5)]!;
        this.#session(visitor, index, stepMs + random.next() * STEP_MS);
      }
    }
  }

  #session(visitor: Visitor, city: number, startMs: number): void {
    const random = this.#random;
    const { pagesPerSession } = this.#plan.texture;
    const pages = pagesPerSession <= 1 ? 1 : geometric(pagesPerSession, random);
    const broken = random.next() < BROKEN;
    let timeMs = startMs;
    for (let page = 0; page < pages; page++) {
      const x = random.next();
      const path = x < 0.03 ? LOGIN : x < 0.1 ? CART : FIRST_PAGE + random.int(4);
      const status = this.#request(visitor, city, timeMs, path, broken, 1);
      // Who is not let in tries again at once, mostly.
      if (path === LOGIN && status === this.#plan.texture.loginFails && random.next() < 0.7)
        this.#request(visitor, city, timeMs + 5000 + 30_000 * random.next(), LOGIN, broken, 1);
      for (let n = this.#assets(); n > 0; n--) {
        const asset = random.next() < 0.7 ? FIRST_ASSET + random.int(4) : FIRST_CALL + random.int(4);
        this.#request(visitor, city, timeMs + 50 + 2000 * random.next() ** 2, asset, broken, 0.5);
      }
      timeMs += Math.min(20 * MINUTE_MS, 30_000 * Math.exp(random.normal()));
    }
  }

  #assets(): number {
    const { assets, assetsPerPage } = this.#plan.texture;
    if (assetsPerPage === 0 || assets === "fixed") return assetsPerPage;
    if (assets === "geometric") return geometric(assetsPerPage + 1, this.#random) - 1;
    // Pareto of shape 1.5, whose mean is three times its least.
    return Math.min(2000, Math.floor((assetsPerPage / 3 + 0.25) * (1 - this.#random.next()) ** (-1 / 1.5)));
  }

  #poll({ city, address, user, everyMs, phaseMs, calls, path }: Poller, fromMs: number, untilMs: number): void {
    const visitor = { address, user, slowness: 1 };
    const first = Math.ceil((fromMs - phaseMs) / everyMs) * everyMs + phaseMs;
    for (let timeMs = first; timeMs < untilMs; timeMs += everyMs) {
      for (let n = 0; n < calls; n++)
        this.#request(visitor, city, timeMs + n * 30 + 400 * this.#random.next(), path, false, 0.5);
    }
  }

  #crawl(crawler: Crawler, fromMs: number, untilMs: number): void {
    const { city, address, perHour, workHours, restHours, phaseHours } = crawler;
    const hour = (Math.round((fromMs - this.#plan.startMs) / HOUR_MS) + phaseHours) % (workHours + restHours);
    if (hour >= workHours) return;
    const visitor = { address, user: 0, slowness: 1 };
    for (let n = this.#random.poisson((perHour * (untilMs - fromMs)) / HOUR_MS); n > 0; n--)
      this.#request(visitor, city, fromMs + this.#random.next() * (untilMs - fromMs), this.#random.int(12), false, 1);
  }

  #inject(untilMs: number): void {
    const { injections, communities } = this.#plan;
    for (; this.#injected < injections.length && injections[this.#injected]!.timeMs < untilMs; this.#injected++) {
      const one = injections[this.#injected]!;
      const city = communities.indexOf(one.from);
      this.#rows.push({
        timeMs: one.timeMs,
        city,
        address: one.address ?? this.#random.pick(this.#settlements[city]!.visitors).address,
        user: one.user === undefined ? 0 : injectedUser(this.#injected),
        path: pathNumber(one.path),
        status: one.status ?? 200,
        latencyMs: one.from.roundTripMs + Math.exp(3.2 + 0.5 * this.#random.normal()),
        version: 0,
      });
    }
  }

  /** Makes a request; answers its status, or 0 where it never came. */
  #request(visitor: Visitor, city: number, at: number, path: number, broken: boolean, work: number): number {
    const random = this.#random;
    const timeMs = Math.floor(at);
    const from = this.#plan.communities[city]!;
    let latencyMs = visitor.slowness * from.roundTripMs * (0.9 + 0.2 * random.next());
    latencyMs += work * Math.exp(3.2 + 0.6 * random.normal()) * (random.next() < 0.01 ? 10 : 1);
    let status = broken && random.next() < 0.8 ? 500 : ordinaryStatus(path, this.#plan.texture, random);
    const version = this.#version(visitor.address, timeMs);
    for (const e of this.#plan.effects) {
      if (timeMs < e.startMs || timeMs >= e.endMs || !e.area.has(from)) continue;
      if (e.service !== undefined && e.service !== PATHS[path]!.service) continue;
      if (e.version !== undefined && (e.version === "4.3.0" ? 1 : 0) !== version) continue;
      if (e.pop !== undefined && e.pop !== popOf(from, visitor.address, this.#plan.texture.pops)) continue;
      if (e.lost !== undefined && isHit(visitor, e)) return 0;
      latencyMs *= e.factor ?? 1;
      if (e.failing && random.next() < e.failing) status = e.status ?? (random.next() < 0.7 ? 503 : 504);
    }
    this.#rows.push({
      timeMs,
      city,
      address: visitor.address,
      user: visitor.user,
      path,
      status,
      latencyMs: Math.round(latencyMs * 10) / 10,
      version,
    });
    return status;
  }

  /** A tenth of all clients try the next release; a release takes the others along within some hours. */
  #version(address: number, timeMs: number): 0 | 1 {
    const turn = fraction(address);
    return turn < 0.1 || turn < (timeMs - this.#releaseMs) / (RELEASE_HOURS * HOUR_MS) ? 1 : 0;
  }
}

/** A client is cut off for as long as an incident lasts, or not at all. */
function isHit(visitor: Visitor, effect: Effect): boolean {
  return fraction(visitor.address ^ visitor.user ^ Math.floor(effect.startMs / 1000)) < effect.lost!;
}

/** A number in [0, 1) for an integer, always the same. */
function fraction(value: number): number {
  let h = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/** 1 or more, with the given mean. */
function geometric(mean: number, random: Random): number {
  return 1 + Math.floor(Math.log(1 - random.next()) / Math.log(1 - 1 / mean));
}

function ordinaryStatus(path: number, { loginWorks, loginFails }: TextureSpec, random: Random): number {
  const x = random.next();
  if (x < 0.004) return 500;
  if (path === LOGIN) return x < 0.1 ? loginFails : loginWorks;
  return x < 0.02 ? 404 : 200;
}
