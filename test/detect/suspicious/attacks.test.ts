import { expect, test } from "vitest";
import { Random } from "../../../src/core/random.js";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../src/core/time.js";
import { findSuspicious } from "../../../src/detect/suspicious/findSuspicious.js";
import { eventsOf, place, type Request } from "./eventsOf.js";
import { berlin, hanoi, inOrder, isGrave, lagos, newYork, quietDays, START, tokyo, visit } from "./quietWorld.js";

const AT = START + 3 * DAY_MS + 6 * HOUR_MS;
const find = (extra: readonly Request[], days = 4) =>
  findSuspicious(eventsOf(inOrder([...quietDays(31, days), ...extra])));
const attempt = (at: number, user: string, ip: string, where: Request["place"], status = 401): Request =>
  visit(at, user, ip, where, { path: "/login", method: "POST", service: "auth", status });

test("one address that tries many names is found by itself, in a city that has others", () => {
  const attack = [...Array(60).keys()].map((k) => attempt(AT + k * 9_000, `u${k * 5}`, "77.0.0.1", berlin));
  expect(find(attack).filter(isGrave)).toMatchObject([
    { subtype: "credential-stuffing", ips: ["77.0.0.1"], observed: 60 },
  ]);
});

test("an attack keeps its id while another of its addresses becomes the worst", () => {
  const by = (k: number): string => `77.0.0.${k < 50 ? k % 2 : 2}`;
  const attack = [...Array(200).keys()].map((k) => attempt(AT + k * 6_000, `u${k}`, by(k), hanoi));
  const idsOf = (length: number): string[] =>
    find(attack.slice(0, length))
      .filter(isGrave)
      .map(({ id }) => id);
  const [early, late] = [idsOf(60), idsOf(200)];
  expect(find(attack).filter(isGrave)[0]!.ips[0]).toBe("77.0.0.2");
  expect(early).toHaveLength(1);
  expect(late).toEqual(early);
});

test("many tries a name are a spraying", () => {
  const attack = [...Array(200).keys()].map((k) => attempt(AT + k * 9_000, `u${k % 20}`, `77.0.0.${k % 4}`, hanoi));
  expect(find(attack).filter(isGrave)).toMatchObject([{ subtype: "password-spraying", clients: 4 }]);
});

test("an account that a stuffing opened belongs to the stuffing, wherever its owner is", () => {
  const attack = [...Array(100).keys()].map((k) =>
    attempt(AT + k * 9_000, `u${k}`, `77.0.0.${k % 4}`, hanoi, k % 25 === 3 ? 200 : 401),
  );
  const after = [
    visit(AT + 20 * MINUTE_MS, "u3", "77.0.0.3", hanoi),
    visit(AT + 22 * MINUTE_MS, "u3", "20.0.0.3", berlin),
  ];
  const found = find([...attack, ...after]).filter(isGrave);
  expect(found).toMatchObject([{ subtype: "credential-stuffing", severity: "critical" }]);
  expect(found[0]!.users).toEqual(["u3", "u28", "u53", "u78"]);
});

test("one account tried from ten addresses in three countries is a bruteForce; a way in makes it critical", () => {
  const where = [hanoi, lagos, newYork];
  const tries = [...Array(20).keys()].map((k) =>
    attempt(AT + k * 20 * MINUTE_MS, "u9", `77.${k % 10}.0.1`, where[k % 3]),
  );
  expect(find(tries).filter(isGrave)).toMatchObject([
    { subtype: "brute-force", severity: "medium", users: ["u9"], clients: 10 },
  ]);
  const opened = attempt(AT + 7 * HOUR_MS, "u9", "77.3.0.1", where[0], 200);
  const found = find([...tries, opened]).filter((f) => f.subtype === "brute-force");
  expect(found).toMatchObject([{ severity: "critical", evidence: { opened: "77.3.0.1" } }]);
});

test("a slow spray, one try an address over hours and countries, is found by where its names were never seen", () => {
  const random = new Random(1);
  const where = [hanoi, lagos, newYork, place("BR", "Recife", -8.05, -34.88, 25)];
  const attack = [...Array(120).keys()].map((k) =>
    attempt(AT + random.int(6 * HOUR_MS), `u${random.int(300)}`, `77.${k}.${random.int(250)}.9`, random.pick(where)),
  );
  const found = find(attack).filter(isGrave);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ subtype: "credential-stuffing", measure: "failed_logins" });
  expect(found[0]!.ips.filter((ip) => ip.startsWith("77.")).length).toBeGreaterThan(0.9 * found[0]!.ips.length);
});

test("an address that goes through every path without a user, steadily, is a scraper; the same one every day is not", () => {
  const crawl = (at: number): Request[] =>
    [...Array(1_200).keys()].map((k) => ({
      at: at + k * 500,
      ip: "66.0.0.1",
      place: berlin,
      path: `/item/${k}`,
      method: "GET",
      status: 200,
    }));
  const found = find(crawl(AT)).filter((f) => f.ips.includes("66.0.0.1"));
  expect(found).toHaveLength(1);
  expect(isGrave(found[0]!)).toBe(true);
  const daily = [...Array(8).keys()].flatMap((day) => crawl(START + day * DAY_MS + 6 * HOUR_MS));
  const late = find(daily, 8).filter((f) => f.startMs >= START + 6 * DAY_MS && f.ips.includes("66.0.0.1"));
  expect(late.filter(isGrave)).toEqual([]);
});

test("a single client that earns nothing but server errors is broken, not hostile", () => {
  const broken = [...Array(2_000).keys()].map((k) => ({
    at: AT + k * 400,
    ip: "66.0.0.2",
    place: tokyo,
    path: "/app",
    method: "GET",
    status: 500,
  }));
  const found = find(broken).filter((f) => f.ips.includes("66.0.0.2"));
  expect(found.length).toBeGreaterThan(0);
  expect(found.filter(isGrave)).toEqual([]);
});

test("requests served to an unwanted country are one finding; those refused are none", () => {
  const pyongyang = place("KP", "Pyongyang", 39.03, 125.75, 25);
  const some = (status: number): Request[] =>
    [...Array(10).keys()].map((k) => ({
      at: AT + k * HOUR_MS,
      ip: "175.45.176.1",
      place: pyongyang,
      path: "/",
      method: "GET",
      status,
    }));
  const judge = (rows: Request[]) =>
    findSuspicious(eventsOf(inOrder([...quietDays(31), ...rows])), { unwantedCountries: ["KP", "IR"] }).filter(
      (f) => f.subtype === "unwanted-country",
    );
  expect(judge(some(200))).toMatchObject([
    { severity: "medium", observed: 10, region: { name: "North Korea", countries: ["KP"] } },
  ]);
  expect(judge(some(403))).toEqual([]);
});

test("a well-known user in a country where neither peers nor anybody else ever was", () => {
  const late = START + 5 * DAY_MS;
  const own = [...Array(60).keys()].map((k) => visit(START + k * 2 * HOUR_MS, "roamer", "20.9.9.9", berlin));
  const away = visit(late + 20 * HOUR_MS, "roamer", "41.0.0.1", lagos);
  const found = find([...own, away], 7).filter((f) => f.subtype === "new-origin" && f.users.includes("roamer"));
  expect(found).toMatchObject([
    { severity: "low", region: { countries: ["NG"] }, evidence: { home: "Germany", kind: "country" } },
  ]);
});

test("a service reached from a country for the first time, after days of learning, and a group likewise", () => {
  const requests = quietDays(31, 5).map((r) => ({ ...r, team: r.place === berlin ? "sales" : "support" }));
  const negLogP = { ...visit(START + 4 * DAY_MS, "u3", "20.0.0.3", tokyo), team: "sales" };
  const found = findSuspicious(eventsOf(inOrder([...requests, negLogP])), { originsOf: ["service", "team"] });
  expect(found.filter((f) => f.subtype === "new-origin")).toMatchObject([
    { dimensions: { team: "sales" }, region: { countries: ["JP"] }, severity: "low" },
  ]);
});

test("a country whose share of the day doubles is a drift with its effect size", () => {
  const more = [...Array(3_000).keys()].map((k) =>
    visit(START + 5 * DAY_MS + k * 25_000, `u${300 + (k % 100)}`, `20.0.1.${44 + (k % 100)}`, tokyo),
  );
  const found = find(more, 7).filter((f) => f.subtype === "share-drift" && f.region.countries[0] === "JP");
  expect(found).toMatchObject([{ severity: "low", measure: "share" }]);
  expect(found[0]!.evidence!.cohensH).toBeGreaterThan(0.1);
});

test("use of an account from two continents at once is a concurrent session", () => {
  const own = [...Array(20).keys()].map((k) => visit(AT - 2 * DAY_MS + k * HOUR_MS, "shared", "20.9.9.9", berlin));
  const both = [...Array(10).keys()].map((k) =>
    visit(AT + k * MINUTE_MS, "shared", k % 2 === 0 ? "20.9.9.9" : "61.0.0.1", k % 2 === 0 ? berlin : hanoi),
  );
  expect(find([...own, ...both]).filter(isGrave)).toMatchObject([
    { subtype: "concurrent-sessions", users: ["shared"] },
  ]);
});

test("the order of rows within a window does not matter to volumes, and batches do not matter at all", () => {
  const burst = [...Array(2_000).keys()].map((k) => ({
    at: AT + k * 600,
    ip: `70.1.1.${k % 100}`,
    place: tokyo,
    path: "/pricing",
    method: "GET",
    status: 200,
  }));
  const rows = inOrder([...quietDays(31), ...burst]);
  const random = new Random(2);
  const shaken = [...rows]
    .map((r) => [r.at + random.int(2 * MINUTE_MS), r] as const)
    .sort((a, b) => a[0] - b[0])
    .map(([, r]) => r);
  const whole = findSuspicious(eventsOf(rows));
  expect(findSuspicious(eventsOf(shaken)).map((f) => f.title)).toEqual(whole.map((f) => f.title));
  const events = eventsOf(rows);
  const cut = (from: number, to: number) => sliceOf(events, from, to);
  expect(findSuspicious([cut(0, 5_000), cut(5_000, 12_345), cut(12_345, events.length)])).toEqual(whole);
});

function sliceOf(events: ReturnType<typeof eventsOf>, from: number, to: number): ReturnType<typeof eventsOf> {
  const { client, user } = events;
  return {
    ...events,
    length: to - from,
    timeMs: events.timeMs.slice(from, to),
    place: events.place.slice(from, to),
    network: events.network.slice(from, to),
    status: events.status.slice(from, to),
    bytes: events.bytes.slice(from, to),
    client: {
      ...client,
      length: to - from,
      family: client.family.slice(from, to),
      value: client.value.slice(from, to),
    },
    user: {
      ...user,
      length: to - from,
      low: user.low.slice(from, to),
      high: user.high.slice(from, to),
      starts: user.starts.slice(from, to),
      ends: user.ends.slice(from, to),
    },
    dimensions: new Map([...events.dimensions].map(([name, d]) => [name, { ...d, codes: d.codes.slice(from, to) }])),
  };
}

test("a user's new region, network and device are told when asked for, and only then", () => {
  const munich = { ...place("DE", "Munich", 48.14, 11.58, 25), region: "Bavaria" };
  const network = (asn: number) => ({ network: { asn, organization: `Provider ${asn}` } });
  const own = [...Array(60).keys()].map((k) =>
    visit(START + k * 2 * HOUR_MS, "mover", "20.9.9.9", berlin, { ...network(64500), user_agent: "Firefox" }),
  );
  const away = visit(START + 6 * DAY_MS, "mover", "41.0.0.1", munich, { ...network(64501), user_agent: "curl" });
  const judge = (userOriginKinds?: readonly ("country" | "region" | "network" | "device")[]) =>
    findSuspicious(eventsOf([...own, away]), userOriginKinds === undefined ? {} : { userOriginKinds })
      .filter((f) => f.users.includes("mover"))
      .map((f) => [f.severity, f.title]);
  expect(judge()).toEqual([]);
  expect(judge(["region", "network", "device"]).sort()).toEqual([
    ["info", "mover from AS64501 Provider 64501 for the first time"],
    ["info", "mover from Bavaria, DE for the first time"],
    ["info", "mover from a device for the first time"],
  ]);
});

test("the evidence of travel names both ends in the order of time, whichever is the user's own", () => {
  const own = [...Array(20).keys()].map((k) => visit(AT - 2 * DAY_MS + k * HOUR_MS, "early", "20.9.9.9", berlin));
  const stolen = visit(AT, "early", "61.0.0.1", hanoi);
  const home = visit(AT + 5 * MINUTE_MS, "early", "20.9.9.9", berlin);
  const [finding] = find([...own, stolen, home]).filter((f) => f.users.includes("early"));
  expect(finding!.evidence).toMatchObject({
    from: { place: "Hanoi, Vietnam", time: new Date(AT).toISOString() },
    to: { place: "Berlin, Germany", time: new Date(AT + 5 * MINUTE_MS).toISOString() },
  });
  expect(finding!.region.countries).toEqual(["VN"]);
});

test("whatever the columns hold, nothing is thrown and nothing hangs", () => {
  const random = new Random(7);
  const wild = (): number =>
    random.pick([
      Number.NaN,
      -1,
      0,
      1,
      START,
      START + random.int(DAY_MS),
      8.64e15,
      Number.POSITIVE_INFINITY,
      -Infinity,
    ]);
  const rows = [...Array(5_000).keys()].map((k) => ({
    at: wild(),
    user: random.pick(["", "a", "b", `u${k}`, "\u0000", "x".repeat(5_000)]),
    ...(random.next() < 0.9 ? { ip: `1.2.${random.int(255)}.${random.int(255)}` } : {}),
    ...(random.next() < 0.8
      ? {
          place: random.pick([
            berlin,
            hanoi,
            place("", "", Number.NaN, Number.NaN),
            place("XX", "", Number.NaN, Number.NaN, Number.NaN),
          ]),
        }
      : {}),
    path: random.pick(["", "/login", `/p/${k}`]),
    method: random.pick(["", "POST", "get"]),
    status: random.pick([0, 200, 401, 404, 500, 65_535]),
    bytes: random.pick([Number.NaN, 0, 1e300]),
  }));
  expect(() => findSuspicious(eventsOf(rows))).not.toThrow();
  expect(findSuspicious([])).toEqual([]);
});

test("options out of range are refused by name", () => {
  for (const options of [
    { windowMs: 0 },
    { clockSkewMs: -1 },
    { maxUsers: 0.5 },
    { resolution: 16 },
    { unwantedCountries: ["Iran"] },
  ]) {
    expect(() => findSuspicious([], options)).toThrow(Object.keys(options)[0]!);
  }
});
