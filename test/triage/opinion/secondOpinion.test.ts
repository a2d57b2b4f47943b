import { describe, expect, test } from "vitest";
import type { Finding } from "../../../src/detect/finding.js";
import { parseOutageEvents } from "../../../src/triage/opinion/parseOutageEvents.js";
import { secondOpinion } from "../../../src/triage/opinion/secondOpinion.js";
import { triage } from "../../../src/triage/triage.js";
import { findingExample } from "../../report/findingExample.js";
import { alertExample } from "../alertExample.js";

const START_S = findingExample().startMs / 1000;
const iso = (offsetS: number): string => new Date((START_S + offsetS) * 1000).toISOString();

/** An event as IODA's `outages/events` lists it. */
const ioda = (changes: object = {}) => ({
  location: "country/DE",
  start: START_S + 300,
  duration: 3_000,
  uncertainty: null,
  method: "median",
  datasource: "bgp",
  status: 0,
  fraction: null,
  score: 24_585.36,
  location_name: "Germany",
  overlaps_window: false,
  ...changes,
});
const iodaAnswer = (data: readonly object[], changes: object = {}) => ({
  type: "outages.events",
  metadata: {},
  requestParameters: { from: String(START_S - 86_400), until: String(START_S + 86_400), limit: "2000" },
  error: null,
  perf: null,
  data,
  copyright: "…",
  ...changes,
});
/** As Cloudflare Radar's `annotations/outages` lists them. */
const annotation = (changes: object = {}) => ({
  id: "550",
  dataSource: "ALL",
  description: "Power cut",
  scope: null,
  startDate: iso(0),
  endDate: iso(3_600),
  locations: ["DE"],
  asns: [3320],
  asnsDetails: [{ asn: "3320", name: "DTAG", locations: { code: "DE", name: "Germany" } }],
  eventType: "OUTAGE",
  linkedUrl: "https://radar.example/550",
  outage: { outageCause: "POWER_OUTAGE", outageType: "NATIONWIDE" },
  ...changes,
});
/** As Cloudflare Radar's `traffic_anomalies` lists them. */
const anomaly = (changes: object = {}) => ({
  uuid: "55555555-5555-4555-8555-555555555555",
  type: "LOCATION",
  status: "VERIFIED",
  startDate: iso(0),
  endDate: null,
  locationDetails: { code: "DE", name: "Germany" },
  visibleInDataSources: ["HTTP"],
  ...changes,
});
const radarAnswer = (result: object) => ({ success: true, errors: [], result });

const opinionOf = (document: unknown, changes: Partial<Finding> = {}) =>
  secondOpinion(parseOutageEvents(JSON.stringify(document)))(findingExample({ dimensions: {}, cause: [], ...changes }));
const isSeen = (document: unknown, changes: Partial<Finding> = {}): boolean | undefined =>
  opinionOf(document, changes)?.seen;
const place = (changes: Partial<Finding["region"]>): Partial<Finding> => ({
  region: { ...findingExample().region, ...changes },
});

describe("parseOutageEvents", () => {
  test("reads IODA's answer, place by place", () => {
    const { events, coverage, skipped } = parseOutageEvents(
      JSON.stringify(
        iodaAnswer([
          ioda(),
          ioda({ location: "region/1906", location_name: "Cagliari", datasource: "ping-slash24" }),
          ioda({ location: "asn/3320", location_name: "DTAG" }),
          ioda({ location: "geoasn/3269-1906", location_name: "ASN-IBSNAZ -- Cagliari" }),
          ioda({ location: "geoasn/23456-US", overlaps_window: true }),
          ioda({ location: "continent/EU" }),
        ]),
      ),
    );
    expect(events.map(({ countries, regions, networks }) => [countries, regions, networks])).toEqual([
      [["DE"], [], []],
      [[], ["Cagliari"], []],
      [[], [], [{ asn: 3320, name: "DTAG" }]],
      [[], ["Cagliari"], [{ asn: 3269, name: "ASN-IBSNAZ" }]],
      [["US"], [], [{ asn: 23456, name: "Germany" }]],
    ]);
    expect(events.map(({ detail }) => detail).slice(0, 2)).toEqual(["routing", "active probing"]);
    expect(events[0]).toMatchObject({ startMs: (START_S + 300) * 1000, endMs: (START_S + 3_300) * 1000 });
    expect(events[4]!.endMs).toBeNull();
    expect(coverage).toEqual({ fromMs: (START_S - 86_400) * 1000, toMs: (START_S + 86_400) * 1000 });
    expect(skipped).toBe(1);
  });

  test("reads IODA's other form, with entities", () => {
    const entity = { type: "country", code: "DE", name: "Germany", attrs: {} };
    const { events } = parseOutageEvents(
      JSON.stringify(iodaAnswer([{ entity, from: START_S, until: START_S + 60, datasource: "gtr", score: 1 }])),
    );
    expect(events).toMatchObject([{ countries: ["DE"], endMs: (START_S + 60) * 1000, detail: "traffic of Google" }]);
  });

  test("reads Radar's annotations and anomalies, and leaves out what is no outage", () => {
    const { events, coverage, skipped } = parseOutageEvents(
      JSON.stringify([
        radarAnswer({
          annotations: [
            annotation(),
            annotation({ outage: { outageCause: "CABLE_CUT", outageType: "NETWORK" }, asns: [3320, 680] }),
            annotation({
              scope: "Zulia, Falcón",
              locations: ["VE"],
              outage: { outageCause: "UNKNOWN", outageType: "REGIONAL" },
            }),
            annotation({ eventType: "PIPELINE" }),
          ],
        }),
        radarAnswer({
          trafficAnomalies: [
            anomaly(),
            anomaly({
              status: "UNVERIFIED",
              locationDetails: null,
              asnDetails: { asn: "8048", name: "CANTV", location: { code: "VE", name: "Venezuela" } },
            }),
          ],
        }),
      ]),
    );
    expect(
      events.map(({ countries, regions, networks, detail }) => [countries, regions, networks.length, detail]),
    ).toEqual([
      [["DE"], [], 0, "power outage"],
      [["DE"], [], 2, "cable cut"],
      [["VE"], ["Zulia", "Falcón"], 0, ""],
      [["DE"], [], 0, "verified"],
      [["VE"], [], 1, "unverified"],
    ]);
    expect(coverage).toBeNull();
    expect(skipped).toBe(1);
  });

  test("takes lists, single events and events a line", () => {
    const list = [ioda(), annotation(), anomaly()];
    const wrappings = [
      JSON.stringify(list),
      list.map((event) => JSON.stringify(event)).join("\n"),
      JSON.stringify([{ annotations: [annotation()] }, { trafficAnomalies: [anomaly()] }, iodaAnswer([ioda()])]),
    ];
    for (const text of wrappings) expect(parseOutageEvents(text).events).toHaveLength(3);
    expect(parseOutageEvents(JSON.stringify(ioda())).events).toHaveLength(1);
    expect(parseOutageEvents("[]").events).toEqual([]);
  });

  test.each([
    ["{ no json", "line 1 should be JSON"],
    ["", ""],
    ["7", "the document should be a list"],
    ["{}", "the document should be an event"],
    [
      JSON.stringify(iodaAnswer([], { error: "from is missing" })),
      'the document.error should be null, found "from is missing"',
    ],
    [JSON.stringify(iodaAnswer([], { type: "outages.alerts" })), "the document.type should be outages.events"],
    [JSON.stringify(iodaAnswer([ioda({ start: "soon" })])), "the document.data[0].start should be a number"],
    [JSON.stringify(iodaAnswer([ioda({ start: 1e15 })])), "the document.data[0].start should be a time in seconds"],
    [JSON.stringify(radarAnswer({ annotations: 3 })), "the document.result.annotations should be a list"],
    [
      JSON.stringify({ success: false, errors: [{ code: 10000 }], result: null }),
      "the document.result should be a list",
    ],
    [JSON.stringify([annotation({ startDate: "last week" })]), "the document[0].startDate should be an ISO 8601 time"],
    [JSON.stringify([annotation({ locations: "DE" })]), "the document[0].locations should be a list"],
  ])("%j is refused by place", (text, message) => {
    if (text === "") expect(parseOutageEvents(text).events).toEqual([]);
    else {
      expect(() => parseOutageEvents(text)).toThrow(message);
      expect(() => parseOutageEvents(text)).toThrow(expect.objectContaining({ code: "bad-events" }));
    }
  });
});

describe("secondOpinion", () => {
  test("names who saw it, how, and since when", () => {
    const both = [ioda(), ioda({ datasource: "ping-slash24" }), annotation()];
    expect(opinionOf(both)).toEqual({
      seen: true,
      text: "also seen by Cloudflare Radar (power outage; since 2026-03-02 12:00Z) and IODA (active probing, routing; since 2026-03-02 12:05Z)",
    });
    expect(opinionOf([])).toEqual({ seen: false, text: "only us" });
  });

  test("another country, and another time, are something else", () => {
    expect(isSeen([ioda({ location: "country/FR" })])).toBe(false);
    expect(isSeen([ioda({ start: START_S + 2 * 3_600 })])).toBe(false);
    expect(isSeen([ioda({ start: START_S + 3_600 + 1_700 })])).toBe(true);
    expect(isSeen([ioda({ start: START_S - 7 * 86_400, overlaps_window: true })])).toBe(false);
    expect(isSeen([ioda({ start: START_S - 7_200, duration: 600 })])).toBe(false);
  });

  test("what lasts may be met by what began later", () => {
    const late = [ioda({ start: START_S + 5 * 3_600 })];
    expect(isSeen(late)).toBe(false);
    expect(isSeen(late, { endMs: null })).toBe(true);
  });

  test("a part of a country is seen with the whole, and with its region by name", () => {
    const hesse = place({ name: "Hesse, Germany", subdivisions: ["Hesse"] });
    expect(isSeen([ioda()], hesse)).toBe(true);
    expect(isSeen([ioda({ location: "region/1", location_name: "Hesse" })], hesse)).toBe(true);
    expect(isSeen([ioda({ location: "region/2", location_name: "Bavaria" })], hesse)).toBe(false);
    expect(isSeen([ioda({ location: "region/1", location_name: "Hesse" })])).toBe(false);
    const regional = { outage: { outageCause: "POWER_OUTAGE", outageType: "REGIONAL" } };
    expect(isSeen([annotation({ scope: "Hesse", ...regional })], hesse)).toBe(true);
    expect(isSeen([annotation({ scope: "Bavaria", ...regional })], hesse)).toBe(false);
    expect(isSeen([annotation({ scope: "Bavaria", ...regional })])).toBe(true);
  });

  test("of many countries, half must have been seen", () => {
    const four = place({ countries: ["AT", "CH", "DE", "FR"] });
    expect(isSeen([ioda()], four)).toBe(false);
    expect(isSeen([ioda(), ioda({ location: "country/FR" })], four)).toBe(true);
  });

  test("a network's trouble is seen where the finding is of that network", () => {
    const networks = [ioda({ location: "asn/3320", location_name: "DTAG" })];
    expect(isSeen(networks)).toBe(false);
    expect(isSeen(networks, { dimensions: { asn: "3320" } })).toBe(true);
    expect(isSeen(networks, { dimensions: { network: "AS3320 Deutsche Telekom AG" } })).toBe(true);
    expect(isSeen(networks, { dimensions: { network: "DTAG" } })).toBe(true);
    expect(isSeen(networks, { dimensions: { asn: "680" } })).toBe(false);
    expect(isSeen(networks, { cause: [{ slice: { asn: "3320", country: "DE" }, share: 0.9 }] })).toBe(true);
    expect(isSeen(networks, { cause: [{ slice: { asn: "3320" }, share: 0.1 }] })).toBe(false);
    const inVenezuela = [ioda({ location: "geoasn/3320-VE" })];
    expect(isSeen(inVenezuela, { dimensions: { asn: "3320" } })).toBe(false);
  });

  test("nobody is asked about attacks, nor about times that the file is not of", () => {
    expect(opinionOf([ioda()], { kind: "suspicious-traffic" })).toBeNull();
    const elsewhen = iodaAnswer([], { requestParameters: { from: START_S + 86_400, until: START_S + 2 * 86_400 } });
    expect(opinionOf(elsewhen)).toBeNull();
    expect(opinionOf(iodaAnswer([]))).toEqual({ seen: false, text: "only us" });
  });

  test("alerts are asked about like findings", () => {
    const ask = secondOpinion(parseOutageEvents(JSON.stringify([ioda({ location: "asn/3320" })])));
    expect(ask(alertExample({ causes: [{ slice: { asn: "3320" }, share: 0.9 }] }))?.seen).toBe(true);
    expect(ask(alertExample())?.seen).toBe(false);
  });

  test("alerts say it, and routes may use it", () => {
    const ask = secondOpinion(parseOutageEvents(JSON.stringify([ioda()])));
    const policy = {
      routes: [{ match: { seenByOthers: true }, receivers: ["network"] }],
      defaultReceivers: ["own"],
    };
    const other = findingExample({
      id: "other",
      startMs: findingExample().startMs + 6 * 3_600_000,
      endMs: null,
      ...place({ name: "Brazil", countries: ["BR"], cells: [], centroid: null }),
    });
    const { alerts } = triage([findingExample(), other], policy, null, { secondOpinion: ask });
    expect(Object.fromEntries(alerts.map((one) => [one.region.name, [one.secondOpinion, one.receivers]]))).toEqual({
      Germany: ["also seen by IODA (routing; since 2026-03-02 12:05Z)", ["network"]],
      Brazil: ["only us", ["own"]],
    });
  });
});
