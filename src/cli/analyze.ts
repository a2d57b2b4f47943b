import { stat } from "node:fs/promises";
import { Command, Option } from "commander";
import { Cube } from "../cube/cube.js";
import { DETECTION_DIMENSIONS, detect } from "../detect/detect.js";
import type { Severity } from "../detect/finding.js";
import { SuspiciousDetector } from "../detect/suspicious/suspiciousDetector.js";
import { readBatches } from "../read/readBatches.js";
import { findingsGeoJson, findingsJson, renderReport } from "../report/index.js";
import { cliError } from "./errors.js";
import { EXIT } from "./exitCodes.js";
import { findingsTable } from "./findingsTable.js";
import { openCommandLocator } from "./openCommandLocator.js";
import {
  bucketOption,
  failOnOption,
  type InputOptions,
  inputOptions,
  names,
  positiveNumber,
  reaches,
  wholeNumber,
} from "./options.js";
import { openProgress } from "./progress.js";
import { readSummary } from "./readSummary.js";
import { writeOutput, writeStdout } from "./writeOutput.js";

interface AnalyzeOptions extends InputOptions {
  readonly bucket: number;
  readonly resolution: number;
  readonly dims?: readonly string[];
  readonly falseAlarmsPerWeek: number;
  readonly json?: string;
  readonly html?: string;
  readonly geojson?: string;
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
    .option("--json <out>", "write the findings as JSON")
    .option("--html <out>", "write a map that opens in any browser, in one file")
    .option("--geojson <out>", "write the findings' areas as GeoJSON")
    .addOption(failOnOption())
    .action((files: string[], options: AnalyzeOptions) => analyze(files, options, signal));
}

async function analyze(files: readonly string[], options: AnalyzeOptions, signal: AbortSignal): Promise<void> {
  const toStdout = outputsToStdout(options);
  const { cube, suspicious, report, attributions } = await readTraffic(files, options, signal);
  const findings = detect(cube, { falseAlarmsPerWeek: options.falseAlarmsPerWeek, found: suspicious.findings() });
  if (options.json) await writeOutput(options.json, `${JSON.stringify(findingsJson(report, findings), null, 2)}\n`);
  if (options.geojson) await writeOutput(options.geojson, `${JSON.stringify(findingsGeoJson(findings))}\n`);
  if (options.html) await writeOutput(options.html, renderReport({ cube, findings, input: report, attributions }));
  const read = readSummary(report, cube);
  const summary = findings.length === 0 ? `no findings in ${read}` : `${read}\n${findingsTable(findings)}`;
  if (toStdout) process.stderr.write(summary);
  else await writeStdout(summary);
  if (options.failOn && findings.some((finding) => reaches(finding.severity, options.failOn!)))
    process.exitCode = EXIT.gateFailed;
}

/** One pass over the log: every batch goes into the cube and past the detectors that need single events, then is let go. */
async function readTraffic(files: readonly string[], options: AnalyzeOptions, signal: AbortSignal) {
  const locator = await openCommandLocator(options, signal);
  const progress = openProgress();
  const totalBytes = await uncompressedSize(files);
  try {
    const batches = readBatches(files, {
      locator,
      format: options.format,
      ...(options.map && { map: options.map }),
      ...(options.workers && { workers: options.workers }),
      signal,
      onProgress: (p) => progress.update(p.bytes, totalBytes, p.events),
    });
    const suspicious = new SuspiciousDetector({});
    let cube: Cube | undefined;
    for await (const batch of batches) {
      const dimensions = options.dims ?? DETECTION_DIMENSIONS.filter((name) => batch.dimensions.has(name));
      cube ??= new Cube({ bucketSeconds: options.bucket / 1000, resolution: options.resolution, dimensions });
      cube.add(batch);
      suspicious.push(batch);
    }
    signal.throwIfAborted();
    cube ??= new Cube({ bucketSeconds: options.bucket / 1000, resolution: options.resolution });
    return { cube, suspicious, report: batches.report, attributions: locator.attributions };
  } finally {
    progress.stop();
  }
}

/** Bytes to read in all; undefined where that cannot be told beforehand: streams and compressed files. */
async function uncompressedSize(files: readonly string[]): Promise<number | undefined> {
  let total = 0;
  for (const file of files) {
    if (file === "-" || /\.(?:gz|zst|bz2|br)$/i.test(file)) return undefined;
    total += await stat(file).then(
      (info) => info.size,
      () => Number.NaN,
    );
  }
  return Number.isNaN(total) ? undefined : total;
}

function outputsToStdout(options: AnalyzeOptions): boolean {
  const taken = (["json", "html", "geojson"] as const).filter((name) => options[name] === "-");
  if (taken.length > 1)
    throw cliError("two-outputs-to-stdout", { options: taken.map((name) => `--${name}`).join(", ") });
  return taken.length === 1;
}
