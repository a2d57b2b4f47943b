import { Command, Option } from "commander";
import { ANALYZED_FIELDS, analyze } from "../../analyze.js";
import { filterDimension } from "../../cube/build/eventFilter.js";
import { DETECTION_DIMENSIONS } from "../../detect/detect.js";
import type { Severity } from "../../detect/finding.js";
import type { LoginRuleOptions } from "../../detect/suspicious/logins/loginRule.js";
import { findingsGeoJson } from "../../report/payloads/findingsGeoJson.js";
import { findingsJson } from "../../report/payloads/findingsJson.js";
import { alertsJson } from "../../triage/alertsJson.js";
import { computing, withoutInterrupt } from "../computing.js";
import { cliError } from "../errors.js";
import { EXIT } from "../exitCodes.js";
import { checkMap, checkNames } from "../input/checkNames.js";
import { analyzeEngines, areEngineSources } from "../input/engineInput.js";
import { errorsOption } from "../input/errorsOption.js";
import { type FilterOptions, filterOf, filterOptions } from "../input/filterOptions.js";
import { loginOption } from "../input/loginOption.js";
import { openCommandLocator, warn } from "../input/openCommandLocator.js";
import {
  bucketOption,
  eventsOption,
  failOnOption,
  type InputOptions,
  inputOptions,
  names,
  positiveNumber,
  reaches,
  wholeNumber,
} from "../input/options.js";
import { readHolidays } from "../input/readHolidays.js";
import { readOptions } from "../input/readOptions.js";
import { readServers } from "../input/readServers.js";
import { alertsTable } from "../output/alertsTable.js";
import { findingsTable } from "../output/findingsTable.js";
import { findingsText } from "../output/findingsText.js";
import { jsonText } from "../output/jsonText.js";
import { overviewTable } from "../output/overviewTable.js";
import { readSummary } from "../output/readSummary.js";
import { refuseOverwriting, writeOutput, writeStdout } from "../output/writeOutput.js";
import { openProgress } from "../progress.js";
import { triageAsItWent } from "../triageAsItWent.js";
import { triageFindings } from "../triageFindings.js";

interface AnalyzeOptions extends InputOptions, FilterOptions {
  readonly bucket: number;
  readonly resolution: number;
  readonly dims?: readonly string[];
  readonly falseAlarmsPerWeek: number;
  readonly servers?: string;
  readonly holidays?: string;
  readonly errors?: readonly number[];
  readonly login?: readonly LoginRuleOptions[];
  readonly json?: string;
  readonly html?: string;
  readonly geojson?: string;
  readonly cube?: string;
  readonly policy?: string;
  readonly alerts?: string;
  readonly events?: string;
  readonly failOn?: Severity;
}

/** Options that name a file to write. */
const OUTPUTS = ["json", "html", "geojson", "cube", "alerts"] as const;

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
    .option(
      "--holidays <file|countries>",
      "days off by country (JSON or CSV), or countries as DE,FR: what comes as on a weekend then is no outage",
    )
    .option("--json <out>", "write the findings as JSON")
    .option("--html <out>", "write a map that opens in any browser, in one file")
    .option("--cube <out>", "save the cube, for `geopivot report` and for scripts")
    .option("--geojson <out>", "write the findings' areas as GeoJSON")
    .option("--policy <file>", "how findings become alerts, YAML or JSON (default: what `policy init` prints)")
    .option("--alerts <out>", "write the alerts, the digest and what was held back as JSON")
    .addOption(eventsOption())
    .addOption(filterOptions()[0]!)
    .addOption(filterOptions()[1]!)
    .addOption(loginOption())
    .addOption(errorsOption())
    .addOption(failOnOption())
    .action((files: string[], options: AnalyzeOptions) => runAnalyze(files, options, signal));
}

/** Does what the command says; the options are those of its flags. */
export async function runAnalyze(
  files: readonly string[],
  options: AnalyzeOptions,
  signal: AbortSignal,
): Promise<void> {
  const toStdout = outputsToStdout(options);
  const conditions = [...(options.where ?? []), ...(options.exclude ?? [])].flatMap(
    (text) => filterDimension(text) ?? [],
  );
  checkMap(options.map, [...ANALYZED_FIELDS, ...(options.dims ?? []), ...conditions]);
  const ownFiles = [options.policy, options.events, options.holidays].filter((path) => path !== undefined);
  await refuseOverwriting(
    [...files, ...ownFiles],
    OUTPUTS.map((name) => options[name]),
  );
  const triages = [options.policy, options.alerts, options.events].some((option) => option !== undefined);
  // The library that reads policies takes as long to load as some logs to read.
  const policy = triages ? await (await import("../input/readPolicy.js")).readPolicy(options.policy) : null;
  const opinion = triages ? await (await import("../input/readOutageEvents.js")).readOutageEvents(options.events) : {};
  const servers = options.servers === undefined ? [] : await readServers(options.servers);
  const holidays = options.holidays === undefined ? {} : await readHolidays(options.holidays, Date.now());
  const locator = await openCommandLocator(options, signal);
  const progress = await openProgress();
  let listenAgain = (): void => {};
  const judged = areEngineSources(files)
    ? (all: Parameters<typeof analyze>[1]) =>
        analyzeEngines(files, { ...options, ...filterOf(options) }, { ...all, locator, signal })
    : (all: Parameters<typeof analyze>[1]) => analyze([...files], all);
  const { cube, findings, report, warnings } = await judged({
    ...readOptions(options, signal),
    ...filterOf(options),
    ...(options.dims && { dimensions: options.dims }),
    ...(options.errors && { errors: options.errors }),
    locator,
    bucketSeconds: options.bucket / 1000,
    resolution: options.resolution,
    falseAlarmsPerWeek: options.falseAlarmsPerWeek,
    servers,
    holidays,
    suspicious: { logins: { rules: options.login ?? [] } },
    onProgress: (p) => progress.update(p),
    onJudged: (done, steps) => progress.judge(done, steps),
    onRead: () => {
      listenAgain = withoutInterrupt();
    },
  }).finally(() => {
    progress.stop();
    listenAgain();
  });
  await checkNames(cube, [{ option: "--dims", names: options.dims ?? [] }], {}, { files, input: options, signal });
  const { attributions } = locator;
  if (options.json) await writeOutput(options.json, findingsText(findingsJson(report, findings, { details: true })));
  if (options.cube) await writeOutput(options.cube, cube.save());
  if (options.geojson) await writeOutput(options.geojson, `${jsonText(findingsGeoJson(findings))}\n`);
  const triaged = policy && triageFindings(findings, report.toMs, policy, null, opinion);
  if (options.html) {
    const { renderReport } = await import("../../report/page/renderReport.js");
    // The page tells incidents as they went.
    const alerts = policy ? triageAsItWent(findings, report.toMs, policy, opinion).alerts : [];
    await writeOutput(
      options.html,
      computing(() => renderReport({ cube, findings, alerts, input: report, attributions })),
    );
  }
  if (triaged && options.alerts) await writeOutput(options.alerts, `${jsonText(alertsJson(triaged), 2)}\n`);
  warn(warnings);
  const read = `${readSummary(report, cube)}${report.events > 0 ? `\n${overviewTable(cube)}` : ""}`;
  const summary =
    findings.length === 0
      ? `no findings in ${read}`
      : `${read}\n${findingsTable(findings)}${triaged ? `\n${alertsTable(triaged)}` : ""}`;
  if (toStdout) process.stderr.write(summary);
  else await writeStdout(summary);
  const { failOn } = options;
  if (failOn && findings.some((finding) => reaches(finding.severity, failOn))) process.exitCode = EXIT.gateFailed;
}

function outputsToStdout(options: AnalyzeOptions): boolean {
  const taken = OUTPUTS.filter((name) => options[name] === "-");
  if (taken.length > 1)
    throw cliError("two-outputs-to-stdout", { options: taken.map((name) => `--${name}`).join(", ") });
  return taken.length === 1;
}
