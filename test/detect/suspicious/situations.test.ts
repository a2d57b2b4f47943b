import { describe, expect, test } from "vitest";
import { Random } from "../../../src/core/random.js";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../src/core/time.js";
import type { Finding } from "../../../src/detect/finding.js";
import { findSuspicious } from "../../../src/detect/suspicious/findSuspicious.js";
import { SUSPICIOUS_GUARDS, type SuspiciousGuard } from "../../../src/detect/suspicious/suspiciousGuards.js";
import { eventsOf, place, type Request } from "./eventsOf.js";
import { berlin, inOrder, isGrave, lagos, quietDays, START, tokyo } from "./quietWorld.js";

const AT = START + 3 * DAY_MS + 6 * HOUR_MS;

interface Situation {
  readonly what: string;
  readonly log: () => Request[];
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
};

describe("each guard keeps silence in the situation that it is for", () => {
  for (const guard of SUSPICIOUS_GUARDS) {
    const situation = SITUATIONS[guard];
    if (situation === undefined) continue;
    test(`${guard}: ${situation.what}`, () => {
      const events = eventsOf(situation.log());
      situation.with(findSuspicious(events));
      situation.without(findSuspicious(events, {}, new Set(SUSPICIOUS_GUARDS.filter((g) => g !== guard))));
    });
  }
});

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
