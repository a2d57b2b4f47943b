import { basename } from "node:path";
import { Command, Option } from "commander";
import type { Cube } from "../../cube/cube.js";
import type { Severity } from "../../detect/finding.js";
import { isPlaceAttribute } from "../../pivot/attributes/placeAttribute.js";
import { type CompareOptions, compare } from "../../pivot/compare/compare.js";
import type { Comparison, RegionChange } from "../../pivot/compare/comparison.js";
import {
  compareMarkdown,
  measureName,
  measureText,
  regionName,
  verdict,
} from "../../report/payloads/compareMarkdown.js";
import { compareJunit } from "../../report/payloads/junit.js";
import { computing } from "../computing.js";
import { cliError } from "../errors.js";
import { EXIT } from "../exitCodes.js";
import { checkNames } from "../input/checkNames.js";
import { errorsOption } from "../input/errorsOption.js";
import { type FilterOptions, filterOptions } from "../input/filterOptions.js";
import {
  bucketOption,
  failOnOption,
  type InputOptions,
  inputOptions,
  names,
  positiveNumber,
  reaches,
} from "../input/options.js";
import { readCommandCube } from "../input/readCommandCube.js";
import { escapeControls } from "../output/jsonText.js";
import { printable } from "../output/printable.js";
import { refuseOverwriting, writeOutput } from "../output/writeOutput.js";

interface CompareCommandOptions extends InputOptions, FilterOptions {
  readonly by: readonly string[];
  readonly split?: Split;
  readonly quantile: number;
  readonly falseDiscoveryRate: number;
  readonly align: "none" | "hour" | "weekday-hour";
  readonly bucket: number;
  readonly errors?: readonly number[];
  readonly json?: string | true;
  readonly markdown?: string;
  readonly junit?: string;
  readonly html?: string;
  readonly failOn: Severity;
}

interface Split {
  readonly dimension: string;
  readonly values: readonly [before: string, after: string];
}

/** `geopivot compare BEFORE AFTER`, or `--split version=4.2.0,4.3.0 FILE…`: what is worse, and where. Exit 3 if so. */
export function compareCommand(signal: AbortSignal): Command {
  const command = new Command("compare")
    .description("regressions by region between two logs, or two values of a dimension (a canary)")
    .argument("<files...>", "the log before and the log after; with --split, any number of logs")
    .option("--by <names>", "what regions are told apart by: country, region, city, any dimension", names, ["country"])
    .option("--split <dimension=before,after>", "compare two values of a dimension instead of two logs", parseSplit)
    .option("--quantile <q>", "latency quantile to compare", positiveNumber, 0.95)
    .option("--false-discovery-rate <share>", "promised share of false alarms", positiveNumber, 0.05)
    .addOption(
      new Option("--align <clock>", "only hours of the day, or of the week, that both logs have")
        .choices(["none", "hour", "weekday-hour"])
        .default("none"),
    )
    .addOption(bucketOption())
    .addOption(errorsOption())
    .addOption(new Option("--json [file]", "write the comparison as JSON, to stdout without a file"))
    .addOption(new Option("--markdown <file>", "write GitHub-flavoured Markdown"))
    .addOption(new Option("--junit <file>", "write JUnit XML"))
    .addOption(new Option("--html <file>", "write a report that shows before and after on a map"))
    .addOption(failOnOption().default("high"));
  for (const option of [...inputOptions(), ...filterOptions()]) command.addOption(option);
  return command.action((files: string[], options: CompareCommandOptions) => runCompare(files, options, signal));
}

async function runCompare(
  files: readonly string[],
  options: CompareCommandOptions,
  signal: AbortSignal,
): Promise<void> {
  const stdout = [options.json === true ? "-" : options.json, options.markdown, options.junit, options.html].filter(
    (o) => o === "-",
  );
  if (stdout.length > 1) throw cliError("two-outputs-to-stdout", { options: "--json, --markdown, --junit and --html" });
  if (!options.split && files.length !== 2)
    throw cliError("bad-option", { option: "compare", value: files.join(" "), expected: "two logs, or --split" });
  await refuseOverwriting(files, [options.json, options.markdown, options.junit, options.html]);
  const { before, after, labels } = await windows(files, options, signal);
  const { by, quantile, falseDiscoveryRate, align, failOn } = options;
  const asked = { by, quantile, falseDiscoveryRate, align, labels } satisfies CompareOptions;
  const comparison = computing(() => compare(before, after, asked));
  const failed = (change: RegionChange): boolean =>
    change.significant && change.direction === "worse" && reaches(change.severity, failOn);
  if (options.json)
    await writeOutput(
      options.json === true ? "-" : options.json,
      `${escapeControls(JSON.stringify(comparison, plainNumbers))}\n`,
    );
  if (options.markdown) await writeOutput(options.markdown, compareMarkdown(comparison));
  if (options.junit) await writeOutput(options.junit, compareJunit(comparison, failed));
  if (options.html) {
    const { comparedReport } = await import("../../report/comparedReport.js");
    const { renderReport } = await import("../../report/page/renderReport.js");
    const { DEFAULT_ATTRIBUTION } = await import("./report.js");
    const shown = comparedReport({ before, after, comparison, files });
    await writeOutput(options.html, renderReport({ ...shown, attributions: [DEFAULT_ATTRIBUTION] }));
  }
  if (stdout.length === 0) await writeOutput("-", summary(comparison));
  if (comparison.regressions.some(failed)) process.exitCode = EXIT.gateFailed;
}

async function windows(
  files: readonly string[],
  options: CompareCommandOptions,
  signal: AbortSignal,
): Promise<{ before: Cube; after: Cube; labels: readonly [string, string] }> {
  const { split, bucket } = options;
  const own = options.by.filter((name) => !isPlaceAttribute(name));
  const dimensions = [...new Set(split ? [...own, split.dimension] : own)];
  const read = (list: readonly string[]): Promise<Cube> =>
    readCommandCube(
      list,
      options,
      {
        bucketSeconds: bucket / 1000,
        dimensions,
        measures: ["latency", "clients"],
        ...(options.errors && { errors: options.errors }),
      },
      signal,
      options,
    );
  const asked = [{ option: "--by", names: options.by }];
  const check = (cube: Cube, list: readonly string[]) =>
    checkNames(cube, asked, {}, { files: list, input: options, signal });
  if (!split) {
    const [before, after] = [await read(files.slice(0, 1)), await read(files.slice(1))];
    await check(before.groups.length > 0 ? before : after, files);
    return { before, after, labels: [basename(files[0]!), basename(files[1]!)] };
  }
  const cube = await read(files);
  await check(cube, files);
  const [before, after] = split.values.map((value) => {
    if (cube.dimensions.find(({ name }) => name === split.dimension)!.dictionary.find(value) < 0)
      throw cliError("bad-option", { option: "--split", value, expected: `a ${split.dimension} that the log has` });
    return cube.slice({ values: { [split.dimension]: value } });
  });
  return { before: before!, after: after!, labels: split.values };
}

function summary(comparison: Comparison): string {
  const lines = comparison.regressions.map((c) => {
    const change = `${measureText(c.measure, c.before)} → ${measureText(c.measure, c.after)}`;
    const what = measureName(c.measure, comparison.quantile);
    return `${c.severity.padEnd(8)}  ${regionName(c.region)}: ${what} ${change} (q = ${c.qValue.toExponential(1)})`;
  });
  return [verdict(comparison), ...lines].map((line) => `${printable(line)}\n`).join("");
}

/** JSON has no NaN: what is not known is null. */
function plainNumbers(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? null : value;
}

function parseSplit(text: string): Split {
  const match = /^([^=]+)=([^,]+),([^,]+)$/.exec(text);
  if (!match) throw cliError("bad-option", { option: "--split", value: text, expected: "dimension=before,after" });
  return { dimension: match[1]!, values: [match[2]!, match[3]!] };
}
