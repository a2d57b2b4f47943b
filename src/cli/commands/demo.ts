import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import spec from "../../../data/sample.spec.json";
import { ipv4Text } from "../../core/addressColumn.js";
import { openLocator } from "../../locate/openLocator.js";
import type { UserNetwork } from "../../locate/sources/userNetworks.js";
import { checkTrafficSpec, simulateTraffic } from "../../simulate/index.js";
import { writeOutput, writeStdout } from "../output/writeOutput.js";
import { runAnalyze } from "./analyze.js";
import { DEMO_CITIES } from "./demoCities.js";

/** 198.18.0.0/15 is set aside for benchmarks (RFC 2544), so that nobody is there: a network of 256 addresses a city. */
const FIRST_ADDRESS = 198 * 2 ** 24 + 18 * 2 ** 16;
const ADDRESSES = 256;

/** `geopivot demo`: a simulated log, analysed; needs neither a log nor a database. */
export function demoCommand(signal: AbortSignal): Command {
  return new Command("demo")
    .description("analyse a simulated log with seven incidents: needs no log and no database")
    .option("--out <dir>", "folder to write to", "geopivot-demo")
    .action((options: { out: string }) => runDemo(options.out, signal));
}

async function runDemo(folder: string, signal: AbortSignal): Promise<void> {
  const path = (name: string): string => join(folder, name);
  await mkdir(folder, { recursive: true });
  const networks = DEMO_CITIES.map(networkOf);
  await writeOutput(path("networks.json"), `${JSON.stringify(networks, null, 1)}\n`);
  const locator = await openLocator({ databases: [], networks, signal });
  const { requests } = simulateTraffic(checkTrafficSpec(spec), locator, cities());
  let lines = "";
  for (const request of requests) lines += `${JSON.stringify(request)}\n`;
  await writeOutput(path("access.ndjson"), lines);
  await runAnalyze(
    [path("access.ndjson")],
    {
      ...{ db: [], networks: path("networks.json"), cache: false, format: "auto" },
      ...{ bucket: 300_000, resolution: 4, falseAlarmsPerWeek: 0.05 },
      ...{ json: path("findings.json"), html: path("report.html"), geojson: path("findings.geojson") },
    },
    signal,
  );
  await writeStdout(`
The map: ${path("report.html")} (open it in any browser; it needs no network)
The log: ${path("access.ndjson")}; ask it something yourself:

  geopivot pivot ${path("access.ndjson")} --networks ${path("networks.json")} --by country,day --measure count,error_rate,p95
`);
}

function networkOf([country, region, city, lat, lon]: (typeof DEMO_CITIES)[number], at: number): UserNetwork {
  return {
    cidr: `${ipv4Text(FIRST_ADDRESS + ADDRESSES * at)}/24`,

    country,
    region,
    city,
    lat,
    lon,
  };
}

/** The cities by country, each with its addresses, as the simulator takes them. */
function cities() {
  const byCountry = new Map<string, ReturnType<typeof cityOf>[]>();
  for (const [at, city] of DEMO_CITIES.entries())
    byCountry.set(city[0], [...(byCountry.get(city[0]) ?? []), cityOf(city, at)]);
  return byCountry;
}

function cityOf([country, region, city, lat, lon]: (typeof DEMO_CITIES)[number], at: number) {
  const addresses = Array.from({ length: ADDRESSES }, (_, i) => FIRST_ADDRESS + ADDRESSES * at + i);
  return { country, region, city, lat, lon, addresses };
}
