import { expect, test } from "vitest";
import { Random } from "../../../src/core/random.js";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../src/core/time.js";
import { findSuspicious } from "../../../src/detect/suspicious/findSuspicious.js";
import { eventsOf, place, type Request } from "./eventsOf.js";
import { berlin, inOrder, isGrave, newYork, potsdam, quietDays, START, tokyo, visit } from "./quietWorld.js";

const LAST_DAYS = START + 6 * DAY_MS;
const findGrave = (extra: readonly Request[], days = 8) =>
  findSuspicious(eventsOf(inOrder([...quietDays(11, days), ...extra]))).filter(isGrave);

/** Every `everyMs` a visit of one user. */
function stay(
  user: string,
  ip: string,
  where: Request["place"],
  fromMs: number,
  toMs: number,
  everyMs: number,
): Request[] {
  const visits: Request[] = [];
  for (let at = fromMs; at < toMs; at += everyMs) visits.push(visit(at, user, ip, where));
  return visits;
}

test("a flight is no impossible travel", () => {
  const left = START + 3 * DAY_MS;
  const flight = 9_000 / 800 + 2; // Berlin to Tokyo, hours from the last request to the first
  const landed = left + flight * HOUR_MS;
  const journey = [
    ...stay("flyer", "31.0.0.1", berlin, START, left, 3 * HOUR_MS),
    ...stay("flyer", "126.0.0.1", tokyo, landed, landed + 2 * DAY_MS, 3 * HOUR_MS),
    ...stay("flyer", "31.0.0.1", berlin, landed + 2 * DAY_MS + flight * HOUR_MS, START + 8 * DAY_MS, 3 * HOUR_MS),
  ];
  const alone = findSuspicious(eventsOf(inOrder(journey)));
  expect(alone.filter((f) => f.subtype !== "new-origin")).toEqual([]);
  expect(findGrave(journey)).toEqual([]);
});

test("a tunnel used every day raises nothing once it is known, and nothing at all in hindsight", () => {
  const random = new Random(1);
  const both = [...Array(8).keys()].flatMap((day) =>
    [...Array(6).keys()].map((k) => {
      const at = START + day * DAY_MS + 8 * HOUR_MS + (k + random.next()) * HOUR_MS;
      return k % 2 === 0 ? visit(at, "tunneller", "31.0.0.2", berlin) : visit(at, "tunneller", "52.0.0.1", newYork);
    }),
  );
  expect(findGrave(both)).toEqual([]);
});

test("a shared exit far away raises nothing for the user who takes it for the first time", () => {
  const random = new Random(2);
  const others = [...Array(10).keys()].flatMap((u) =>
    [...Array(24).keys()].map((k) =>
      visit(
        START + (k / 4 + random.next() / 8) * DAY_MS,
        `u${u}`,
        k % 2 === 0 ? `20.0.0.${u}` : "45.0.0.1",
        k % 2 === 0 ? berlin : newYork,
      ),
    ),
  );
  const first = [0, 2, 4].map((k) => visit(LAST_DAYS + DAY_MS + k * MINUTE_MS, "u250", "45.0.0.1", newYork));
  const home = visit(LAST_DAYS + DAY_MS - 5 * MINUTE_MS, "u250", "20.0.0.250", berlin);
  const found = findGrave([...others, home, ...first]).filter((f) => f.startMs >= LAST_DAYS);
  expect(found).toEqual([]);
  const alone = findGrave([home, ...first]).filter((f) => f.startMs >= LAST_DAYS);
  expect(alone).toMatchObject([{ users: ["u250"] }]); // the same without the others: the exit is what excuses it
});

test("thousands of users behind the addresses of one carrier are no surge and no attack", () => {
  const random = new Random(3);
  const requests: Request[] = [];
  for (let at = START; at < START + 4 * DAY_MS; at += 4_000 + random.int(4_000)) {
    const login = random.next() < 0.1;
    const failed = login && random.next() < 0.08;
    requests.push(
      visit(at, `m${random.int(5_000)}`, `80.0.0.${random.int(6)}`, berlin, {
        network: { tags: ["carrier"] },
        ...(login ? { path: "/login", method: "POST", status: failed ? 401 : 200 } : {}),
      }),
    );
  }
  expect(findSuspicious(eventsOf(requests))).toEqual([]);
});

test("a campus behind one address that comes back from holidays and mistypes its passwords is no attack", () => {
  const random = new Random(4);
  const at = LAST_DAYS + 9 * HOUR_MS;
  const campus: Request[] = [];
  for (let day = 0; day < 6; day++) campus.push(...rush(random, START + day * DAY_MS + 9 * HOUR_MS, 60));
  campus.push(...rush(random, at, 150));
  expect(findGrave(campus)).toEqual([]);
});

/** Log-ins of students within half an hour, an eighth of them mistyped, then some pages each. */
function rush(random: Random, at: number, students: number): Request[] {
  return [...Array(students).keys()].flatMap((s) => {
    const when = at + random.int(30 * MINUTE_MS);
    const login = { path: "/login", method: "POST" };
    const failed =
      random.next() < 0.12 ? [visit(when - 9_000, `s${s}`, "90.0.0.1", berlin, { ...login, status: 401 })] : [];
    return [
      ...failed,
      visit(when, `s${s}`, "90.0.0.1", berlin, login),
      visit(when + 20_000, `s${s}`, "90.0.0.1", berlin),
    ];
  });
}

test("a phone that changes networks within one city goes nowhere", () => {
  const random = new Random(5);
  const phone = [...Array(300).keys()].map((k) =>
    visit(
      START + k * 30 * MINUTE_MS,
      "phone",
      `10${random.int(5)}.0.0.${random.int(200)}`,
      random.pick([berlin, potsdam]),
    ),
  );
  expect(findSuspicious(eventsOf(phone))).toEqual([]);
});

test("a user of a relay whose exit wanders is information at most", () => {
  const random = new Random(6);
  const exits = [berlin, newYork, tokyo, place("FR", "Paris", 48.86, 2.35, 25)];
  const user = [...Array(200).keys()].map((k) =>
    visit(
      START + k * 45 * MINUTE_MS,
      "relayed",
      k % 2 === 0 ? "31.0.0.3" : `172.224.0.${random.int(250)}`,
      k % 2 === 0 ? berlin : random.pick(exits),
      k % 2 === 0 ? {} : { network: { tags: ["relay"] } },
    ),
  );
  const found = findSuspicious(eventsOf(user));
  expect(found.filter((f) => f.severity !== "info")).toEqual([]);
});

test("one office that moves to a new provider is no surge, no attack, no travel", () => {
  const random = new Random(7);
  const requests: Request[] = [];
  for (let at = START; at < START + 8 * DAY_MS; at += 20_000) {
    const moved = at >= LAST_DAYS + 10 * HOUR_MS;
    requests.push(
      visit(at, `o${random.int(80)}`, moved ? "94.0.0.1" : "93.0.0.1", moved ? potsdam : berlin, {
        network: moved ? { asn: 64501, organization: "New provider" } : { asn: 64500, organization: "Old provider" },
      }),
    );
  }
  expect(findGrave(requests)).toEqual([]);
});

test("clocks that are a minute apart, and events logged twice, change nothing", () => {
  const random = new Random(8);
  const quiet = quietDays(12, 4);
  const skewed = quiet.map((r) => ({ ...r, at: r.at + (random.next() < 0.3 ? random.int(60_000) : 0) }));
  expect(findSuspicious(eventsOf(skewed))).toEqual([]);
  expect(findSuspicious(eventsOf(quiet.flatMap((r) => [r, r])))).toEqual([]);
});

test("a row from the year 2099 stops neither the clock nor the detectors", () => {
  const at = START + 3 * DAY_MS;
  const rows = [
    ...quietDays(13, 4),
    visit(at - 9 * MINUTE_MS, "u7", "20.0.0.7", berlin),
    visit(at, "u7", "50.0.0.9", tokyo),
    visit(at + MINUTE_MS, "u7", "50.0.0.9", tokyo),
  ];
  const sorted = inOrder(rows);
  sorted.splice(
    1_000,
    0,
    visit(Date.UTC(2099, 0, 1), "u7", "20.0.0.7", berlin),
    visit(Number.NaN, "u7", "20.0.0.7", berlin),
  );
  expect(findSuspicious(eventsOf(sorted))).toMatchObject([{ subtype: "impossible-travel", users: ["u7"] }]);
});

test("a crowd of real users is information, not an alarm", () => {
  const random = new Random(9);
  const at = LAST_DAYS + 12 * HOUR_MS;
  const crowd = [...Array(3_000).keys()].map((k) =>
    visit(
      at + random.int(30 * MINUTE_MS),
      random.next() < 0.7 ? `u${300 + (k % 100)}` : "",
      `20.0.1.${44 + (k % 100)}`,
      tokyo,
      {
        path: random.pick(["/", "/docs", "/app"]),
      },
    ),
  );
  const found = findSuspicious(eventsOf(inOrder([...quietDays(14, 8), ...crowd])));
  expect(found.filter(isGrave)).toEqual([]);
  expect(found.filter((f) => f.subtype === "traffic-surge")).toMatchObject([{ severity: "info" }]);
});
