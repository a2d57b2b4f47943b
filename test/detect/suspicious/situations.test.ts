import { describe, expect, test } from "vitest";
import { Random } from "../../../src/core/random.js";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../src/core/time.js";
import type { Finding } from "../../../src/detect/finding.js";
import { findSuspicious } from "../../../src/detect/suspicious/findSuspicious.js";
import { SUSPICIOUS_GUARDS, type SuspiciousGuard } from "../../../src/detect/suspicious/suspiciousGuards.js";
import { eventsOf, place, type Request } from "./eventsOf.js";
import { AT, JSON_API, login, peopleWhoLogIn, spray } from "./loginWorlds.js";
import { monitors, readersNamed, relocatedHomes, syntheticUser } from "./nobodies.js";
import { berlin, inOrder, isGrave, lagos, quietDays, START, tokyo, visit } from "./quietWorld.js";

interface Situation {
  readonly what: string;
  readonly log: () => Request[];
  /** Guards that would keep silence for another reason. */
  readonly also?: readonly SuspiciousGuard[];
  /** What a detector without the guard tells, and what it should with it. */
  readonly without: (findings: readonly Finding[]) => void;
  readonly with: (findings: readonly Finding[]) => void;
}
const silent = (findings: readonly Finding[]): void => expect(findings.filter(isGrave)).toEqual([]);

/** Logs that are harmless, or one finding, by the guard that knows it. */
const SITUATIONS: Partial<Record<SuspiciousGuard, Situation>> = {
  bursts: {
    what: "readers whose page views are many requests each",
    log: () => pageViews(new Random(5), 4),
    without: (f) => expect(f.filter((x) => x.subtype === "traffic-surge").length).toBeGreaterThan(0),
    with: (f) => expect(f).toEqual([]),
  },
  impact: {
    what: "a script that asks for one page a hundred times from six addresses beside much other traffic",
    log: () => inOrder([...quietDays(31, 4), ...manyPages(31), ...script(AT)]),
    without: (f) => expect(f.filter((x) => x.severity === "high").length).toBeGreaterThan(0),
    with: silent,
  },
  "from-the-start": {
    what: "a client of the interface that is busy from the first hour of the log",
    log: () => inOrder([...quietDays(31, 4), ...crawler(START, 4)]),
    without: (f) => expect(f.filter((x) => isGrave(x) && x.ips.includes("66.0.0.7")).length).toBeGreaterThan(0),
    with: silent,
  },
  nobody: {
    what: "readers of all countries who are all called guest, or by a name that 900 addresses share",
    log: () => inOrder([...quietDays(31, 4), ...readersNamed("guest", 4), ...readersNamed("web-user", 4)]),
    without: (f) => expect(f.filter((x) => x.users.includes("guest")).length).toBeGreaterThan(0),
    with: (f) => {
      silent(f);
      expect(f.filter((x) => x.subtype === "names-of-nobody")).toMatchObject([
        { severity: "info", users: expect.arrayContaining(["guest", "web-user"]) },
      ]);
    },
  },
  "machine-accounts": {
    what: "a synthetic user that logs in from three cities at once since the log began",
    log: () => inOrder([...quietDays(31, 2), ...syntheticUser(2)]),
    also: ["from-the-start"],
    without: (f) => expect(f.filter((x) => isGrave(x) && x.users.includes("synthetic")).length).toBeGreaterThan(0),
    with: silent,
  },
  relocation: {
    what: "a newer database that puts people's own addresses into another country",
    log: () => inOrder([...quietDays(31, 4), ...relocatedHomes(4)]),
    also: ["one-cause"],
    without: (f) => expect(f.filter((x) => isGrave(x) && x.subtype === "impossible-travel").length).toBeGreaterThan(5),
    with: (f) => expect(f.filter((x) => x.measure === "speed_kmh")).toEqual([]),
  },
  "one-cause": {
    what: "thirty accounts that a list of passwords opens within two hours, one of them for days",
    log: () => inOrder([...quietDays(31, 5), ...opened(AT, 30), ...sharedFrom(AT + DAY_MS)]),
    without: (f) => expect(f.filter((x) => isGrave(x) && x.measure === "speed_kmh").length).toBeGreaterThan(20),
    with: (f) => {
      const travel = f.filter((x) => isGrave(x) && x.kind === "suspicious-traffic");
      const accounts = travel.map((x) => x.users.length).sort((a, b) => b - a);
      expect(accounts).toHaveLength(2);
      expect(accounts[0]).toBeGreaterThan(26); // the rest were not seen at home within a day
      expect(travel.find((x) => x.users.length === 1)!.title).toMatch(/recurring, \d+ times$/);
    },
  },
  monitors: {
    what: "six monitors, of few clients in their countries, that see a failure for an hour",
    log: () => inOrder([...quietDays(31, 4), ...monitors(4, "Pingdom.com_bot_version_1.4")]),
    without: (f) => expect(f.filter((x) => x.subtype === "monitors-failing")).toEqual([]),
    with: (f) => {
      silent(f);
      expect(f.filter((x) => x.subtype === "monitors-failing")).toMatchObject([
        { title: "6 monitors fail of 6", observed: 6, severity: "low" },
      ]);
    },
  },
  outcomes: {
    what: "a stuffing against a token endpoint that refuses with 400",
    log: () => {
      const style = { path: "/oauth/token", ok: 200, failed: 400 };
      const attack = spray(style, { from: AT, minutes: 40, tries: 600, addresses: 30, countries: 1 });
      return inOrder([...peopleWhoLogIn(3, 4, style), ...attack]);
    },
    without: (f) => expect(f.filter((x) => x.subtype === "credential-stuffing")).toEqual([]),
    with: (f) => expect(f.filter(isGrave)).toMatchObject([{ subtype: "credential-stuffing", observed: 600 }]),
  },
  "login-outage": {
    what: "log-ins refused to everybody for an hour",
    log: () =>
      inOrder(
        peopleWhoLogIn(4, 4, JSON_API).flatMap((r) =>
          r.path === "/login" && r.at >= AT && r.at < AT + HOUR_MS ? [1, 2, 3, 4].map((k) => again(r, k)) : [r],
        ),
      ),
    also: ["own-place"],
    without: (f) => expect(f.filter((x) => isGrave(x) && x.kind === "suspicious-traffic").length).toBeGreaterThan(0),
    with: (f) =>
      expect(f.filter(isGrave)).toMatchObject([{ kind: "regional-outage", subtype: "login-outage", severity: "high" }]),
  },
  "own-place": {
    what: "forty people of one office whose passwords have run out, and who then get in",
    log: () => inOrder([...peopleWhoLogIn(5, 5, JSON_API), ...officeWithOldPasswords(4)]),
    without: (f) => expect(f.filter(isGrave).length).toBeGreaterThan(0),
    with: silent,
  },
  "one-attack": {
    what: "a spraying attack from 900 addresses in 18 countries over two and a half hours",
    log: () => {
      const attack = [0, 35, 70, 105, 140].flatMap((from, seed) =>
        spray(JSON_API, { from: AT + from * MINUTE_MS, minutes: 15, tries: 900, addresses: 900, countries: 18, seed }),
      );
      return inOrder([...peopleWhoLogIn(6, 4, JSON_API), ...attack]);
    },
    without: (f) => expect(f.filter(isGrave).length).toBeGreaterThan(1),
    with: (f) => {
      expect(f.filter(isGrave)).toHaveLength(1);
      expect(f.find(isGrave)!.ips.length).toBeGreaterThan(800);
      expect(f.find(isGrave)!.evidence!.waves).toBe(1);
    },
  },
};

describe("each guard keeps silence in the situation that it is for", () => {
  for (const guard of SUSPICIOUS_GUARDS) {
    const situation = SITUATIONS[guard];
    if (situation === undefined) continue;
    test(`${guard}: ${situation.what}`, () => {
      const events = eventsOf(situation.log());
      situation.with(findSuspicious(events));
      const off = [guard, ...(situation.also ?? [])];
      situation.without(findSuspicious(events, {}, new Set(SUSPICIOUS_GUARDS.filter((g) => !off.includes(g)))));
    });
  }
});

/** Accounts of people in Berlin used once each from as many addresses in Lagos. */
function opened(from: number, accounts: number): Request[] {
  return [...Array(accounts).keys()].map((k) => visit(from + k * 4 * MINUTE_MS, `u${k}`, `88.1.${k}.9`, lagos));
}

/** An account of somebody in Berlin that is used from Lagos for an hour in every twelve. */
function sharedFrom(from: number): Request[] {
  return [0, 1, 2].flatMap((k) =>
    [...Array(12).keys()].flatMap((n) => {
      const at = from + 12 * k * HOUR_MS + n * 5 * MINUTE_MS;
      return [visit(at, "u77", "20.0.0.77", berlin), visit(at + MINUTE_MS, "u77", "88.2.2.2", lagos)];
    }),
  );
}

const again = (r: Request, k: number): Request => ({ ...r, at: r.at + k * 9_000, status: 401 });

/** People of an office who log in every morning; on the last one their passwords have run out. */
function officeWithOldPasswords(days: number): Request[] {
  return [...Array(days + 1).keys()].flatMap((day) =>
    [...Array(40).keys()].flatMap((person) => {
      const at = START + day * DAY_MS + 8 * HOUR_MS + person * 11_000;
      const of = (after: number, ok: boolean) => login(JSON_API, at + after, `o${person}`, "90.0.0.1", berlin, ok);
      return day < days ? [of(0, true)] : [of(0, false), of(15_000, false), of(60_000, false), of(150_000, true)];
    }),
  );
}

/** Page views of 40 readers in each of three countries, now and then one of a page with very many pictures. */
function pageViews(random: Random, days: number): Request[] {
  const requests: Request[] = [];
  const places = [berlin, tokyo, lagos];
  for (let at = START; at < START + days * DAY_MS; at += 1 + random.int(90_000)) {
    const reader = random.int(120);
    const size = Math.min(150, Math.ceil(4 / random.next() ** 0.7));
    for (let k = 0; k < size; k++) {
      requests.push({
        at: at + k * 90,
        ip: `21.0.0.${reader}`,
        place: places[reader % 3]!,
        path: `/p${k}`,
        method: "GET",
      });
    }
  }
  return inOrder(requests);
}

const script = (from: number): Request[] =>
  [...Array(180).keys()].map((k) => ({
    at: from + k * 1_500,
    ip: `66.0.0.${k % 6}`,
    place: place("EE", "Tallinn", 59.44, 24.75, 25),
    path: "/pricing",
    method: "GET",
    status: k % 8 === 0 ? 429 : 200,
  }));

/** Twenty requests a second of everybody else around the time of the script. */
function manyPages(seed: number): Request[] {
  const random = new Random(seed);
  return [...Array(24_000).keys()].map((k) => ({
    at: AT - 5 * MINUTE_MS + k * 50,
    ip: `22.${random.int(100)}.0.${random.int(250)}`,
    user: `w${random.int(25_000)}`,
    place: berlin,
    path: random.pick(["/", "/docs", "/app"]),
    method: "GET",
  }));
}

const crawler = (from: number, days: number): Request[] =>
  [...Array(days * 24).keys()].flatMap((hour) =>
    [...Array(700).keys()].map((k) => ({
      at: from + hour * HOUR_MS + k * 800,
      ip: "66.0.0.7",
      place: berlin,
      path: `/item/${hour * 700 + k}`,
      method: "GET",
    })),
  );

test("monitors that do not say so are learned within a day", () => {
  const found = findSuspicious(eventsOf(inOrder([...quietDays(31, 4), ...monitors(4, undefined)])));
  expect(found.filter((x) => x.subtype === "monitors-failing")).toMatchObject([{ title: "6 monitors fail of 6" }]);
});

test("a theft is told although its account is a synthetic user's elsewhere", () => {
  const theft = [...Array(5).keys()].map((k) => ({
    ...syntheticUser(1)[0]!,
    at: AT + k * MINUTE_MS,
    ip: "65.0.0.1",
    place: lagos,
  }));
  const found = findSuspicious(eventsOf(inOrder([...quietDays(31, 4), ...syntheticUser(4), ...theft])));
  expect(found.filter((x) => x.users.includes("synthetic")).length).toBeGreaterThan(0);
});
