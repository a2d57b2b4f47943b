import { readFile } from "node:fs/promises";
import { Command, Option } from "commander";
import { analyze } from "../../analyze.js";
import { DETECTION_DIMENSIONS } from "../../detect/detect.js";
import type { Severity } from "../../detect/finding.js";
import type { LoginRuleOptions } from "../../detect/suspicious/logins/loginRule.js";
import type { CatalogueEntry } from "../../grid/regions/catalogue.js";
import { findingsGeoJson } from "../../report/payloads/findingsGeoJson.js";
import { findingsJson } from "../../report/payloads/findingsJson.js";
import { computing, withoutInterrupt } from "../computing.js";
import { cliError } from "../errors.js";
import { errorsOption } from "../errorsOption.js";
import { EXIT } from "../exitCodes.js";
import { type FilterOptions, filterOf, filterOptions } from "../filterOptions.js";
import { loginOption } from "../loginOption.js";
import { openCommandLocator, warn } from "../openCommandLocator.js";
import {
  bucketOption,
  failOnOption,
  type InputOptions,
  inputOptions,
  names,
  positiveNumber,
  reaches,
  wholeNumber,
} from "../options.js";
import { findingsTable } from "../output/findingsTable.js";
import { findingsText } from "../output/findingsText.js";
import { jsonText } from "../output/jsonText.js";
import { refuseOverwriting, writeOutput, writeStdout } from "../output/writeOutput.js";
import { openProgress } from "../progress.js";
import { readOptions } from "../readOptions.js";
import { readSummary } from "../readSummary.js";

interface AnalyzeOptions extends InputOptions, FilterOptions {
  readonly bucket: number;
  readonly resolution: number;
  readonly dims?: readonly string[];
  readonly falseAlarmsPerWeek: number;
  readonly servers?: string;
  readonly errors?: readonly number[];
  readonly login?: readonly LoginRuleOptions[];
  readonly json?: string;
  readonly html?: string;
  readonly geojson?: string;
  readonly cube?: string;
  readonly failOn?: Severity;
}

/** `geopivot analyze FILE…`: the main job, log in, findings out. */
export function analyzeCommand(signal: AbortSignal): Command {
  const command = new Command("analyze")
    .description("find regional outages, latency hotspots and suspicious traffic in access logs")
    .argument("<files...>", "log files (plain or compressed), or - for stdin");
  for (const option of inputOptions()) command.addOption(option);
  return command
    .addOption(bucketOption())
    .addOption(new Option("--resolution <n>", "H3 resolution of the cells").default(4).argParser(wholeNumber(0, 15)))
    .addOption(
      new Option("--dims <names>", `dimensions to keep (default: ${DETECTION_DIMENSIONS} where present)`).argParser(
        names,
      ),
    )
    .addOption(
      new Option("--false-alarms-per-week <x>", "how many false alarms a quiet week may raise, worldwide")
        .default(0.05)
        .argParser(positiveNumber),
    )
    .option("--servers <file>", "your servers (JSON or CSV: name, lat, lon): tells places slow for their distance")
    .option("--json <out>", "write the findings as JSON")
    .option("--html <out>", "write a map that opens in any browser, in one file")
    .option("--cube <out>", "save the cube, for `geopivot report` and for scripts")
    .option("--geojson <out>", "write the findings' areas as GeoJSON")
    .addOption(filterOptions()[0]!)
    .addOption(filterOptions()[1]!)
    .addOption(loginOption())
    .addOption(errorsOption())
    .addOption(failOnOption())
    .action((files: string[], options: AnalyzeOptions) => run(files, options, signal));
}

async function run(files: readonly string[], options: AnalyzeOptions, signal: AbortSignal): Promise<void> {
  const toStdout = outputsToStdout(options);
  await refuseOverwriting(files, [options.json, options.html, options.geojson, options.cube]);
  const servers = options.servers === undefined ? [] : await readServers(options.servers);
  const locator = await openCommandLocator(options, signal);
  const progress = await openProgress();
  let listenAgain = (): void => {};
  const { cube, findings, report, warnings } = await analyze([...files], {
    ...readOptions(options, signal),
    ...filterOf(options),
    ...(options.dims && { dimensions: options.dims }),
    ...(options.errors && { errors: options.errors }),
    locator,
    bucketSeconds: options.bucket / 1000,
    resolution: options.resolution,
    falseAlarmsPerWeek: options.falseAlarmsPerWeek,
    servers,
    suspicious: { logins: { rules: options.login ?? [] } },
    onProgress: (p) => progress.update(p),
    onRead: () => {
      progress.stop();
      listenAgain = withoutInterrupt();
    },
  }).finally(() => {
    progress.stop();
    listenAgain();
  });
  const { attributions } = locator;
  if (options.json) await writeOutput(options.json, findingsText(findingsJson(report, findings, { details: true })));
  if (options.cube) await writeOutput(options.cube, cube.save());
  if (options.geojson) await writeOutput(options.geojson, `${jsonText(findingsGeoJson(findings))}\n`);
  if (options.html) {
    const { renderReport } = await import("../../report/page/renderReport.js");
    await writeOutput(
      options.html,
      computing(() => renderReport({ cube, findings, input: report, attributions })),
    );
  }
  warn(warnings);
  const read = readSummary(report, cube);
  const summary = findings.length === 0 ? `no findings in ${read}` : `${read}\n${findingsTable(findings)}`;
  if (toStdout) process.stderr.write(summary);
  else await writeStdout(summary);
  const { failOn } = options;
  if (failOn && findings.some((finding) => reaches(finding.severity, failOn))) process.exitCode = EXIT.gateFailed;
}

/** The catalogue that `--servers` names; read before the log, so that a wrong file is told at once. */
async function readServers(path: string): Promise<CatalogueEntry[]> {
  const { readCatalogue } = await import("../../grid/regions/catalogue.js");
  const servers = readCatalogue(await readFile(path, "utf8"));
  if (servers.length > 0) return servers;
  throw cliError("bad-option", { option: "--servers", value: path, expected: "servers with name, lat and lon" });
}

function outputsToStdout(options: AnalyzeOptions): boolean {
  const taken = (["json", "html", "geojson", "cube"] as const).filter((name) => options[name] === "-");
  if (taken.length > 1)
    throw cliError("two-outputs-to-stdout", { options: taken.map((name) => `--${name}`).join(", ") });
  return taken.length === 1;
}
