import { readFile } from "node:fs/promises";
import { Command, Option } from "commander";
import { DNS_OUTPUTS, type DnsOutput, dnsOutput } from "../../steer/dns/dnsOutput.js";
import { type ServerRecord, serverRecords } from "../../steer/dns/serverRecords.js";
import { steeringOf } from "../../steer/dns/steeringOf.js";
import { assignmentsGeoJson, cellAssignments } from "../../steer/failover/cellAssignments.js";
import { planFailover } from "../../steer/failover/planFailover.js";
import { planState } from "../../steer/failover/planState.js";
import { scalingSchedule } from "../../steer/failover/scalingSchedule.js";
import { latencyModel } from "../../steer/latencyModel.js";
import { placeServers } from "../../steer/sites/placeServers.js";
import { computing } from "../computing.js";
import { cliError } from "../errors.js";
import { bucketOption, type InputOptions, inputOptions, names, positiveNumber, wholeNumber } from "../input/options.js";
import { readCommandCube } from "../input/readCommandCube.js";
import { jsonText } from "../output/jsonText.js";
import { type SteerAnswer, steerText } from "../output/steerText.js";
import { refuseOverwriting, writeOutput } from "../output/writeOutput.js";

interface SteerCommandOptions extends InputOptions {
  readonly servers: string;
  readonly down: readonly string[];
  readonly k: number;
  readonly candidates?: string;
  readonly priorities: readonly string[];
  readonly dim: string;
  readonly bucket: number;
  readonly hostname: string;
  readonly ttl: number;
  readonly rpsPerReplica?: number;
  readonly json?: string;
  readonly geojson?: string;
  readonly html?: string;
  readonly dns?: DnsOutput;
  readonly dnsOut: string;
}

/** `geopivot steer FILE… --servers FILE`: who should serve whom, what failing over costs, where the next location pays. */
export function steerCommand(signal: AbortSignal): Command {
  const command = new Command("steer")
    .description("say who should serve whom, what a failover costs, and where the next location pays")
    .argument("<files...>", "logs, or - for stdin")
    .requiredOption("--servers <file>", "your servers, JSON or CSV: name, lat, lon, and country, capacity, addresses")
    .option("--down <names>", "servers that are lost: what becomes of their traffic", names, [])
    .addOption(
      new Option("--k <n>", "servers named a country; and how many sites are opened of --candidates")
        .default(3)
        .argParser(wholeNumber(1, 100)),
    )
    .option("--candidates <file>", "sites that could be opened, as --servers")
    .option("--priorities <services>", "services, the most important first: the others are shed first", names, [])
    .option("--dim <name>", "the field of the log that names the server", "pop")
    .addOption(bucketOption())
    .option("--json <out>", "write all of it as JSON")
    .option("--geojson <out>", "write today's and the better catchments as GeoJSON")
    .option("--html <out>", "write a map that opens in any browser, with a tab that steers")
    .addOption(new Option("--dns <kind>", "write who serves whom for something that steers").choices([...DNS_OUTPUTS]))
    .option("--dns-out <out>", "where to", "-")
    .option("--hostname <name>", "the name that clients ask for", "www.example.com")
    .addOption(
      new Option("--ttl <seconds>", "how long DNS answers are kept").default(60).argParser(wholeNumber(0, 86_400)),
    )
    .option(
      "--rps-per-replica <n>",
      "adds a scaling schedule to --json: requests a second of a replica",
      positiveNumber,
    );
  for (const option of inputOptions()) command.addOption(option);
  return command.action((files: string[], options: SteerCommandOptions) => runSteer(files, options, signal));
}

async function runSteer(files: readonly string[], options: SteerCommandOptions, signal: AbortSignal): Promise<void> {
  const { json, geojson, html, dns } = options;
  const outputs = [json, geojson, html, dns && options.dnsOut];
  if (outputs.filter((output) => output === "-").length > 1)
    throw cliError("two-outputs-to-stdout", { options: "--json, --geojson, --html and --dns" });
  await refuseOverwriting([...files, options.servers, ...(options.candidates ? [options.candidates] : [])], outputs);
  const servers = serverRecords(await readFile(options.servers, "utf8"));
  const candidates = options.candidates ? serverRecords(await readFile(options.candidates, "utf8")) : [];
  for (const name of options.down)
    if (!servers.some((server) => server.name === name))
      throw cliError("bad-option", { option: "--down", value: name, expected: servers.map((s) => s.name).join(", ") });
  const services = options.priorities.length > 0 ? ["service"] : [];
  const cube = await readCommandCube(
    files,
    options,
    { bucketSeconds: options.bucket / 1000, dimensions: [options.dim, ...services], measures: ["latency", "clients"] },
    signal,
  );
  const answer = computing(() => answerOf(cube, servers, candidates, options));
  if (json) await writeOutput(json, `${jsonText(documentOf(answer, options), 2)}\n`);
  if (geojson)
    await writeOutput(geojson, `${jsonText(assignmentsGeoJson(cellAssignments(answer.state, options.down)))}\n`);
  if (dns) await writeOutput(options.dnsOut, dnsOutput(answer.steering, dns));
  if (html) await writeOutput(html, await steerHtml(cube, answer, files));
  if (!outputs.includes("-")) await writeOutput("-", steerText(answer));
}

function answerOf(
  cube: Parameters<typeof planFailover>[0],
  servers: readonly ServerRecord[],
  candidates: readonly ServerRecord[],
  { down, k, priorities, dim, hostname, ttl }: SteerCommandOptions,
): SteerAnswer {
  // The log may name no server: then the model goes by public networks' latencies at a distance.
  const isTold = (cube.dimensions.find(({ name }) => name === dim)?.dictionary.size ?? 0) > 1;
  const model = latencyModel({
    servers,
    ...(isTold ? { cube, serverDimension: dim } : { samples: [] }),
  });
  const plain = servers.map(({ addresses: _, awsRegion: __, ...server }) => server);
  const asked = { servers: plain, model, priorities, serverDimension: isTold ? dim : null };
  const state = planState(cube, asked);
  const plan = planFailover(cube, { ...asked, down });
  const all = [...servers, ...candidates];
  const placement =
    candidates.length === 0
      ? null
      : placeServers(cube, {
          existing: plain,
          candidates,
          k,
          model: model.withServers(all),
          serverDimension: isTold ? dim : null,
        });
  const steering = steeringOf(state, { hostname, ttlSeconds: ttl, servers, down, k });
  return { plan, placement, steering, state, cells: cellAssignments(state) };
}

function documentOf({ plan, placement, steering, cells }: SteerAnswer, { rpsPerReplica }: SteerCommandOptions) {
  return {
    schema: "geopivot.steer/1",
    nearest: { fallback: steering.fallback, countries: steering.countries, subdivisions: steering.subdivisions },
    catchments: cells,
    failover: plan,
    placement,
    ...(rpsPerReplica === undefined ? {} : { schedule: scalingSchedule(plan, { rpsPerReplica }) }),
  };
}

async function steerHtml(
  cube: Parameters<typeof planFailover>[0],
  answer: SteerAnswer,
  files: readonly string[],
): Promise<string> {
  const { renderReport } = await import("../../report/page/renderReport.js");
  const { groups, firstTimeMs, lastTimeMs } = cube;
  let [events, unlocated] = [0, 0];
  for (let group = 0; group < groups.length; group++) {
    events += groups.count[group]!;
    if (groups.place[group] === 0) unlocated += groups.count[group]!;
  }
  const input = { files, events, rejected: 0, unlocated, fromMs: firstTimeMs, toMs: lastTimeMs };
  return computing(() => renderReport({ cube, findings: [], input, steering: answer }));
}
