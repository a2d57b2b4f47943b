import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { isGeopivotError } from "../../../src/core/errors.js";
import { findSuspicious } from "../../../src/detect/suspicious/findSuspicious.js";
import { hasSharedData, sharedData } from "../../support/sharedData.js";
import { eventsOf, place, type Request } from "./eventsOf.js";

const FILE = "detect/travel/impossible_travel_cases.json";
const LOGINS = { dimension: "action", pattern: /^(?:AwsConsoleSignIn|user\.session\.start|login)$/, methods: [""] };

interface End {
  readonly city: string;
  readonly country: string;
  readonly lat: string;
  readonly lng: string;
  readonly p_event_time?: string;
  readonly source_ip?: string;
}
interface Case {
  readonly name: string;
  readonly event_type: string | null;
  readonly outcome: string | null;
  readonly time: string | null;
  readonly ip: string | null;
  readonly current: End | null;
  readonly privacy: { vpn: boolean; relay: boolean } | null;
  readonly asn: { asn: string; name: string } | null;
  readonly previous: End | null;
}

const msOf = (text: string): number => Date.parse(`${text.replace(" ", "T").replace(/Z$/, "")}Z`);

/** The two log-ins of a case as requests, their coordinates taken as exact. */
function requestsOf(c: Case): Request[] {
  const at = (e: End) => place(e.country, e.city, Number(e.lat), Number(e.lng));
  const action = c.event_type ?? (c.previous === null ? "" : "login");
  const requests: Request[] = [];
  if (c.previous !== null) {
    requests.push({
      at: msOf(c.previous.p_event_time!),
      user: "ada",
      ip: "12.12.12.99",
      place: at(c.previous),
      action: "login",
    });
  }
  const tags = c.privacy?.vpn ? ["vpn"] : [];
  const asn = c.asn === null ? 0 : Number(c.asn.asn.slice(2));
  const network = tags.length > 0 || asn > 0 ? { asn, organization: c.asn?.name ?? "", tags } : undefined;
  requests.push({
    at: c.time === null ? msOf("2023-05-26 20:14:51") : msOf(c.time),
    user: "ada",
    ip: c.ip ?? "192.168.100.100",
    action,
    status: c.outcome?.toLowerCase() === "failure" ? 401 : 200,
    ...(c.current === null ? {} : { place: at(c.current) }),
    ...(network === undefined ? {} : { network }),
  });
  return requests;
}

const judge = (c: Case) => findSuspicious(eventsOf(requestsOf(c)), { presence: "log-ins", logins: LOGINS });

describe.skipIf(!hasSharedData(FILE))("published cases of impossible travel", () => {
  const cases = hasSharedData(FILE) ? (JSON.parse(readFileSync(sharedData(FILE), "utf8")) as Case[]) : [];
  const find = (name: string): Case => cases.find((c) => c.name === name)!;

  test("there are seven", () => expect(cases).toHaveLength(7));
  test("an event that is no log-in gives none", () => {
    expect(judge(find("CloudTrail not ConsoleLogin"))).toEqual([]);
  });
  test.each(["CloudTrail ConsoleLogin with history", "Okta sign-in with history and impossible travel"])(
    "%s is grave",
    (name) => {
      expect(judge(find(name))).toMatchObject([
        { subtype: "impossible-travel", users: ["ada"], severity: expect.stringMatching(/medium|high/) },
      ]);
    },
  );
  test.each([
    "Okta sign-in with history and impossible travel, VPN with service",
    "Short Distances and Short Timedeltas",
    "Okta sign-in with history and impossible travel, no VPN, Intelsat ASN",
  ])("%s is for the analyst alone", (name) => {
    expect(judge(find(name))).toMatchObject([
      { subtype: "impossible-travel", severity: expect.stringMatching(/low|info/) },
    ]);
  });
  test("latitude 100 is refused", () => {
    expect(() => judge(find("Notion Impossible Travel"))).toThrow(
      expect.toSatisfy((e) => isGeopivotError(e, "bad-coordinates")),
    );
  });
});

const auckland = place("NZ", "Auckland", -36.85, 174.76);
const newYork = place("US", "New York", 40.71, -74.01);
const NOON = Date.UTC(2026, 4, 5, 12);
const two = (network?: Request["network"], status = 200): Request[] => [
  { at: NOON, user: "ada", ip: "12.0.0.1", place: newYork, action: "login" },
  {
    at: NOON + 7_200_000,
    user: "ada",
    ip: "12.0.0.2",
    place: auckland,
    action: "login",
    status,
    ...(network ? { network } : {}),
  },
];

test.each([
  [undefined, "high|medium"],
  [{ tags: ["vpn"] }, "info"],
  [{ tags: ["relay"] }, "info"],
  [{ asn: 14593 }, "info"],
  [{ tags: ["tor"] }, "low"],
  [{ tags: ["hosting"] }, "low"],
  [{ tags: ["carrier"] }, "low"],
])("New York and Auckland within two hours, behind %j: %s", (network, severity) => {
  const found = findSuspicious(eventsOf(two(network)), { presence: "log-ins", logins: LOGINS });
  expect(found).toMatchObject([{ severity: expect.stringMatching(severity) }]);
});

test("the user's own network moves nobody, and neither does a log-in that failed", () => {
  expect(findSuspicious(eventsOf(two({ name: "Berlin office" })))).toEqual([]);
  expect(findSuspicious(eventsOf(two(undefined, 401)))).toEqual([]);
});

test("all recent places count, not only the last", () => {
  const hop = [newYork, place("US", "Newark", 40.73, -74.17), auckland].map((where, k) => ({
    at: NOON + k * 3_600_000,
    user: "ada",
    ip: `12.0.0.${k}`,
    place: where,
  }));
  expect(findSuspicious(eventsOf(hop)).some((f) => f.region.countries[0] === "NZ")).toBe(true);
});

test("the speed is that of the distance left after both accuracy radii", () => {
  const vague = (p: typeof newYork, accuracyKm: number) => ({ ...p, accuracyKm });
  const boston = place("US", "Boston", 42.36, -71.06);
  const hop = (km: number): Request[] => [
    { at: NOON, user: "ada", ip: "12.0.0.1", place: vague(newYork, km) },
    { at: NOON + 600_000, user: "ada", ip: "12.0.0.2", place: vague(boston, km) },
  ];
  expect(findSuspicious(eventsOf(hop(20)))).toHaveLength(1); // 306 km in ten minutes
  expect(findSuspicious(eventsOf(hop(153)))).toEqual([]); // the circles meet
});
