import { describe, expect, test } from "vitest";
import { ANALYZE_OPTIONS } from "../src/analyze.js";
import type { Shape } from "../src/core/options/shape.js";
import { CUBE_OPTIONS } from "../src/cube/cubeOptions.js";
import { ARROW_OPTIONS } from "../src/cube/io/cubeToArrow.js";
import { SUM_OPTIONS } from "../src/cube/measures/sumMeasure.js";
import { READ_CUBE_OPTIONS } from "../src/cube/readCube.js";
import { ROLL_UP_OPTIONS } from "../src/cube/verbs/rollUpCube.js";
import { CUBE_SLICE } from "../src/cube/verbs/sliceCube.js";
import { DETECT_OPTIONS } from "../src/detect/detect.js";
import { SUSPICIOUS_OPTIONS } from "../src/detect/suspicious/suspiciousOptions.js";
import { EXPLAIN_OPTIONS } from "../src/explain/explain.js";
import { LEAVES, LOCALIZE_OPTIONS } from "../src/explain/localize.js";
import { CELL_OPTIONS } from "../src/grid/latLngsToCells.js";
import * as geopivot from "../src/index.js";
import { CLIENT_ADDRESS_INPUT } from "../src/locate/address/clientAddress.js";
import { TRUNCATE_OPTIONS } from "../src/locate/address/privacy.js";
import { LOCATOR_OPTIONS } from "../src/locate/openLocator.js";
import { DATABASE_SEARCH } from "../src/locate/sources/findDatabases.js";
import { MONITOR_OPTIONS } from "../src/monitor/monitorOptions.js";
import { COMPARE_OPTIONS } from "../src/pivot/compare/compare.js";
import { PIVOT_OPTIONS } from "../src/pivot/pivotOptions.js";
import { READ_OPTIONS } from "../src/read/readOptions.js";
import { OBJECT_OPTIONS } from "../src/read/records/eventsFromObjects.js";
import { TAIL_OPTIONS } from "../src/read/source/tailFile.js";
import { unlocated } from "../src/read/unlocated.js";
import { renderReport } from "../src/report/index.js";
import { REPORT_OPTIONS } from "../src/report/page/buildReportModel.js";
import { CATCHMENT_OPTIONS } from "../src/steer/catchments/catchments.js";
import { FAILOVER_OPTIONS } from "../src/steer/failover/planFailover.js";
import { catchments, placeServers, planFailover } from "../src/steer/index.js";
import { LATENCY_MODEL_OPTIONS } from "../src/steer/latencyModel.js";
import { NEAREST_OPTIONS } from "../src/steer/nearest/nearestServers.js";
import { PLACE_OPTIONS } from "../src/steer/sites/placeServers.js";
import { PAYLOAD_OPTIONS } from "../src/triage/payloads/payloadOptions.js";
import { TRIAGE_OPTIONS } from "../src/triage/triage.js";

const { Cube, pivot, detect, readEvents, openLocator, eventsFromObjects } = geopivot;

const rows = Array.from({ length: 60 }, (_, i) => ({
  ts: Date.UTC(2026, 2, 2) + i * 60_000,
  ip: "81.2.69.142",
  status: 200,
}));
const events = eventsFromObjects(rows);
const cube = Cube.from(events);
const locator = unlocated();
const servers = [{ name: "fra", lat: 50.1, lon: 8.7 }];
const model = geopivot.latencyModel({ servers, samples: [] });
const leaves = { attributes: { a: ["x", "y"] }, real: [1, 2], predicted: [1, 1] };
const input = { files: [], events: 0, rejected: 0, unlocated: 0, fromMs: null, toMs: null };

/** A call that takes options: its list of them, those that it must have, and how it is made. */
type Call = readonly [name: string, shapes: object, base: object, call: (options: never) => unknown];

const CALLS: readonly Call[] = [
  ["analyze", ANALYZE_OPTIONS, { locator }, (o) => geopivot.analyze("no.log", o)],
  ["openLocator", LOCATOR_OPTIONS, { databases: [] }, (o) => openLocator(o)],
  ["saveTable", LOCATOR_OPTIONS, { databases: [] }, (o) => geopivot.saveTable("/dev/null/x", o)],
  ["findDatabases", DATABASE_SEARCH, {}, (o) => geopivot.findDatabases(o)],
  ["clientAddress", CLIENT_ADDRESS_INPUT, { peer: "1.2.3.4" }, (o) => geopivot.clientAddress(o)],
  ["truncateAddresses", TRUNCATE_OPTIONS, {}, (o) => geopivot.truncateAddresses(events.client, o)],
  ["latLngsToCells", CELL_OPTIONS, {}, (o) => geopivot.latLngsToCells([52], [13], 4, o)],
  ["readBatches", READ_OPTIONS, { locator }, (o) => geopivot.readBatches("no.log", o)],
  ["readEvents", READ_OPTIONS, { locator }, (o) => readEvents("no.log", o)],
  ["eventsFromObjects", OBJECT_OPTIONS, {}, (o) => eventsFromObjects(rows, o)],
  ["tailFile", TAIL_OPTIONS, {}, (o) => geopivot.tailFile("no.log", o).next()],
  ["Cube", CUBE_OPTIONS, {}, (o) => Cube.from(events, o)],
  ["Cube", CUBE_OPTIONS, {}, (o) => new Cube(o)],
  ["cube.slice", CUBE_SLICE, {}, (o) => cube.slice(o)],
  ["cube.drillDown", CUBE_SLICE, {}, (o) => cube.drillDown(o, "city")],
  ["cube.rollUp", ROLL_UP_OPTIONS, {}, (o) => cube.rollUp(o)],
  ["cube.toArrow", ARROW_OPTIONS, {}, (o) => cube.toArrow(o)],
  ["readCube", READ_CUBE_OPTIONS, { locator }, (o) => geopivot.readCube("no.log", o)],
  [
    "sumMeasure",
    SUM_OPTIONS,
    { name: "n", columns: {}, amounts: {}, figures: {} },
    (o) => (geopivot.sumMeasure as (options: unknown) => unknown)(o),
  ],
  ["pivot", PIVOT_OPTIONS, {}, (o) => pivot(cube, o)],
  ["compare", COMPARE_OPTIONS, {}, (o) => geopivot.compare(cube, cube, o)],
  ["explain", EXPLAIN_OPTIONS, { from: "2026-03-02", to: "2026-03-03" }, (o) => geopivot.explain(cube, o)],
  ["localize", LOCALIZE_OPTIONS, {}, (o) => geopivot.localize(leaves, o)],
  ["localize", LEAVES, leaves, (o) => geopivot.localize(o)],
  ["detect", DETECT_OPTIONS, {}, (o) => detect(cube, o)],
  ["SuspiciousDetector", SUSPICIOUS_OPTIONS, {}, (o) => new geopivot.SuspiciousDetector(o)],
  ["triage", TRIAGE_OPTIONS, {}, (o) => geopivot.triage([], {}, null, o)],
  ["alertPayload", PAYLOAD_OPTIONS, {}, (o) => geopivot.alertPayload("slack", [], o)],
  ["latencyModel", LATENCY_MODEL_OPTIONS, { servers, cube }, (o) => geopivot.latencyModel(o)],
  ["nearestServers", NEAREST_OPTIONS, { model }, (o) => geopivot.nearestServers({ lat: 1, lon: 2 }, o)],
  ["catchments", CATCHMENT_OPTIONS, {}, (o) => catchments(cube, servers, o)],
  ["planFailover", FAILOVER_OPTIONS, { servers, model }, (o) => planFailover(cube, o)],
  ["placeServers", PLACE_OPTIONS, { existing: servers, candidates: servers, model }, (o) => placeServers(cube, o)],
  ["renderReport", REPORT_OPTIONS, { findings: [], input }, (o) => renderReport(o)],
  ["Monitor", MONITOR_OPTIONS, { locator }, (o) => new geopivot.Monitor(o)],
];

/** What a value may be instead of what is wanted. */
const VALUES: readonly unknown[] = [
  "country",
  1,
  ["country"],
  true,
  null,
  { a: 1 },
  Number.NaN,
  () => 1,
  Promise.resolve(1),
];

/** What a call throws, at once or later; undefined where it answers. */
async function thrownBy(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return undefined;
}

async function expectTyped(call: () => unknown, codes: readonly string[], names: RegExp | string): Promise<void> {
  const error = await thrownBy(call);
  expect(geopivot.isGeopivotError(error, ...codes), String(error)).toBe(true);
  expect((error as Error).message).toMatch(names);
  expect((error as Error).message).toMatch(/did you mean |it has |expected /);
}

describe.each(CALLS)("%s", (name, shapes, base, call) => {
  const known = Object.entries(shapes) as [string, Shape<never>][];

  test("refuses every option that is spelled wrongly, and names the right one", async () => {
    for (const [option] of known) {
      const wrong = option.slice(0, -2) + option.at(-1)! + option.at(-2)!;
      if (known.some(([other]) => other === wrong) || wrong === option || option.length < 2) continue;
      const asked = { ...base, [wrong]: 1 } as never;
      await expectTyped(() => call(asked), ["unknown-option"], `${name} has no option "${wrong}"; did you mean `);
    }
    await expectTyped(() => call({ ...base, zzzzzz: 1 } as never), ["unknown-option"], /"zzzzzz"; it has /);
    // What every object has is no option.
    await expectTyped(() => call({ ...base, toString: 1 } as never), ["unknown-option"], /"toString"/);
  });

  test("refuses a value of the wrong type for every option, and says what is expected", async () => {
    for (const [option, shape] of known)
      for (const value of VALUES.filter((value) => !shape.accepts(value))) {
        const asked = { ...base, [option]: value } as never;
        await expectTyped(() => call(asked), ["wrong-option"], `option ${option} of ${name} is `);
      }
  });

  test("refuses options that are none", async () => {
    for (const value of [null, "country", 5, [], () => 1])
      await expectTyped(() => call(value as never), ["wrong-argument"], `the options of ${name} are `);
  });
});

// What is called wrongly most often, and the fix that must be named.
const WRONG: readonly [what: string, call: () => unknown, fix: string][] = [
  ["a text for a list", () => pivot(cube, { by: "country" } as never), 'write ["country"]'],
  ["a number for a list of statuses", () => Cube.from(events, { errors: 500 } as never), "write [500]"],
  ["a text for a number", () => pivot(cube, { top: "10" } as never), "write 10"],
  ["a number for a text", () => pivot(cube, { timeZone: 1 } as never), 'write "1"'],
  ["milliseconds for seconds", () => Cube.from(events, { bucketSeconds: 300_000 }), "write 300"],
  ["a minute in milliseconds", () => new geopivot.Monitor({ locator, bucketSeconds: 60_000 }), "write 60"],
  ["an hour in milliseconds", () => cube.resample(3_600_000), "write 3600"],
  ["seconds for milliseconds", () => pivot(cube, { from: 1_772_409_600 }), "write 1772409600000"],
  ["a date for milliseconds", () => cube.slice({ fromMs: new Date(0) } as never), ".getTime()"],
  ["a date's text for milliseconds", () => cube.slice({ fromMs: "2026-03-02" } as never), 'Date.parse("2026-03-02")'],
  ["rows to Cube.from", () => Cube.from(rows as never), "eventsFromObjects(rows"],
  ["a path to Cube.from", () => Cube.from("access.log" as never), "readEvents(path"],
  ["batches that are still read to Cube.from", () => Cube.from((async function* () {})() as never), "for await"],
  ["a promise to Cube.from", () => Cube.from(Promise.resolve(events) as never), "await the promise"],
  ["nothing to Cube.from", () => Cube.from(undefined as never), "events, as readEvents"],
  ["rows in a batch", () => cube.add(rows as never), "eventsFromObjects(rows"],
  ["events to pivot", () => pivot(events as never), "Cube.from(events)"],
  ["what readCube gives to pivot", () => pivot({ cube, report: {} } as never), "take .cube of it"],
  ["a saved cube's bytes to pivot", () => pivot(cube.save() as never), "Cube.load(bytes)"],
  ["events to detect", () => detect(events as never), "Cube.from(events)"],
  ["a path to Cube.load", () => Cube.load("x.cube" as never), "read the file first"],
  ["one cube to compare", () => geopivot.compare(cube, undefined as never), "the second argument of compare"],
  ["one cube to Cube.merge", () => Cube.merge(cube as never), "write ["],
  ["no options to readEvents", () => readEvents("a.log", undefined as never), "await openLocator()"],
  [
    "a locator that is not awaited",
    () => readEvents("a.log", { locator: openLocator({ databases: [] }) } as never),
    "await",
  ],
  ["objects to readEvents", () => readEvents(rows as never, { locator }), "eventsFromObjects(rows)"],
  ["events to analyze", () => geopivot.analyze(events as never), "Cube.from(events)"],
  ["a path to openLocator", () => openLocator("city.mmdb" as never), "databases"],
  ["one database for a list", () => openLocator({ databases: "city.mmdb" } as never), 'write ["city.mmdb"]'],
  [
    "a network misspelled",
    () => openLocator({ databases: [], networks: [{ cird: "10.0.0.0/8" }] } as never),
    "networks[0].cidr",
  ],
  ["one object to eventsFromObjects", () => eventsFromObjects(rows[0] as never), "[ ]"],
  [
    "an AbortController for its signal",
    () => readEvents("a.log", { locator, signal: new AbortController() } as never),
    ".signal",
  ],
  ["conditions as text", () => pivot(cube, { where: "country=DE" } as never), '{ country: "DE" }'],
  [
    "options within options",
    () => detect(cube, { suspicious: { windowSeconds: 300 } } as never),
    "suspicious.windowMs",
  ],
  [
    "a rule of log-ins",
    () => detect(cube, { suspicious: { logins: { rules: [{ path: 1 }] } } } as never),
    "rules[0].path",
  ],
  ["a document of findings to triage", () => geopivot.triage({ findings: [] } as never), "take .findings of it"],
  ["a policy's text to triage", () => geopivot.triage([], "routes: []" as never), "parsePolicy(text)"],
  ["a policy's object to parsePolicy", () => geopivot.parsePolicy({} as never), "a text"],
  ["a format of payloads that there is not", () => geopivot.alertPayload("pagerdutty" as never, []), "pagerduty"],
  [
    "a name for a list of healthy servers",
    () => geopivot.nearestServers(null, { model, healthy: "fra" } as never),
    '["fra"]',
  ],
  ["one point to latLngsToCells", () => geopivot.latLngsToCells(52 as never, 13 as never, 4), "write [52]"],
  ["texts to truncateAddresses", () => geopivot.truncateAddresses(["1.2.3.4"] as never), "events.client"],
  ["a text for a key", () => geopivot.pseudonymizeAddresses(events.client, "secret" as never), "bytes"],
  ["events for a column", () => geopivot.addressText(events as never, 0), "events.client"],
  ["events for a column of names", () => geopivot.nameText(events as never, 0), "events.user"],
  ["rows to a detector", () => new geopivot.SuspiciousDetector().push(rows as never), "eventsFromObjects(rows"],
];

test.each(WRONG)("%s is an error that names the fix", async (_, call, fix) => {
  const error = await thrownBy(call);
  expect(geopivot.isGeopivotError(error, "wrong-argument", "wrong-option", "unknown-option"), String(error)).toBe(true);
  expect((error as Error).message).toContain(fix);
});

test("what is undefined counts as left out, and what the types allow is taken", () => {
  expect(pivot(cube, { by: ["hour"], top: undefined, where: { country: { not: ["DE"] } } } as never).numRows()).toBe(1);
  expect(
    Cube.from([events], { bucketSeconds: 36_000, fromMs: 0, errors: (status) => status > 499 }).groups.length,
  ).toBe(1);
  expect(detect(cube, { events: [events], suspicious: {}, servers: [], holidays: { DE: ["2026-12-25"] } })).toEqual([]);
});
