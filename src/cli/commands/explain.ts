import { Command } from "commander";
import type { ExplainedCause, ExplainOptions, Explanation } from "../../explain/explain.js";
import type { Against } from "../../explain/explainWindow.js";
import { PLACE_ATTRIBUTES } from "../../pivot/attributes/placeAttribute.js";
import type { Where } from "../../pivot/where.js";
import { cliError } from "../errors.js";
import { checkNames } from "../input/checkNames.js";
import { collectWhere } from "../input/collectWhere.js";
import { errorsOption } from "../input/errorsOption.js";
import { bucketOption, type InputOptions, inputOptions, names, time } from "../input/options.js";
import { readCommandCube } from "../input/readCommandCube.js";
import { printable } from "../output/printable.js";
import { writeOutput } from "../output/writeOutput.js";

interface ExplainCommandOptions extends InputOptions {
  readonly from: number;
  readonly to: number;
  readonly against?: Against;
  readonly dims?: readonly string[];
  readonly where: Where;
  readonly measure: string;
  readonly bucket: number;
  readonly errors?: readonly number[];
  readonly json?: string | true;
}

/** What is looked into unless `--dims` says otherwise: levels of place, and these dimensions where the log has them. */
const DEFAULT_DIMENSIONS = ["service", "version", "method", "pop", "organization"];
const BAR_LENGTH = 20;

/** `geopivot explain FILE… --from T --to T`: which slices of the traffic carry a change. */
export function explainCommand(signal: AbortSignal): Command {
  const command = new Command("explain")
    .description(
      "say which slices of the traffic carry a change: places, networks, versions, or one version in one place",
    )
    .argument("<files...>", "logs, or - for stdin")
    .requiredOption("--from <time>", "start of the window to explain", time)
    .requiredOption("--to <time>", "end of the window", time)
    .option("--against <what>", "previous, baseline (the same hours of earlier days) or T..T", against)
    .option("--measure <name>", "requests, errors, bytes, denied, error_rate, p95, under:250ms …", "errors")
    .option("--dims <names>", `where to look (default: places and ${DEFAULT_DIMENSIONS.join(", ")})`, names)
    .option("--where <condition>", "name=value, name=value|value or name!=value; may be repeated", collectWhere, {})
    .addOption(bucketOption())
    .addOption(errorsOption())
    .option("--json [file]", "write JSON, to stdout without a file");
  for (const option of inputOptions()) command.addOption(option);
  return command.action((files: string[], options: ExplainCommandOptions) => runExplain(files, options, signal));
}

async function runExplain(
  files: readonly string[],
  options: ExplainCommandOptions,
  signal: AbortSignal,
): Promise<void> {
  // Loaded only here, as arquero with it takes longer to load than the rest of the command line.
  const { explain } = await import("../../explain/explain.js");
  const asked = options.dims ?? [...PLACE_ATTRIBUTES.filter((name) => !name.startsWith("cell")), ...DEFAULT_DIMENSIONS];
  const isPlace = (name: string): boolean => PLACE_ATTRIBUTES.includes(name);
  const kept = [...new Set([...asked, ...Object.keys(options.where)])].filter((name) => !isPlace(name));
  const cube = await readCommandCube(
    files,
    options,
    { bucketSeconds: options.bucket / 1000, dimensions: kept, ...(options.errors && { errors: options.errors }) },
    signal,
  );
  const named = [{ option: "--dims", names: options.dims ?? [] }];
  await checkNames(cube, named, options.where, { files, input: options, signal });
  // A dimension of which the log has one value at the most tells nothing.
  const told = cube.dimensions.filter(({ dictionary }) => dictionary.size > 2).map(({ name }) => name);
  const question: ExplainOptions = {
    from: options.from,
    to: options.to,
    measure: options.measure,
    where: options.where,
    dimensions: asked.filter((name) => isPlace(name) || options.dims !== undefined || told.includes(name)),
    ...(options.against === undefined ? {} : { against: options.against }),
  };
  const why = explain(cube, question);
  if (options.json) await writeOutput(options.json === true ? "-" : options.json, `${JSON.stringify(why, null, 2)}\n`);
  else await writeOutput("-", explanationText(why));
}

function against(text: string): Against {
  if (text === "previous" || text === "baseline") return text;
  const [from, to, ...rest] = text.split("..");
  if (from && to && rest.length === 0) return { from: time(from), to: time(to) };
  throw cliError("bad-option", { option: "--against", value: text, expected: "previous, baseline or T..T" });
}

/** A sentence on the whole, and a line with a bar a cause. */
function explanationText(why: Explanation): string {
  const told = why.slowerThan === undefined ? why.measure : `share of requests slower than ${why.slowerThan}`;
  const head = `${told}: ${figure(why.observed)}, ${figure(why.reference)} in the reference`;
  const mix = why.mix === undefined ? "" : ` (mix ${signed(why.mix)}, rate ${signed(why.rate!)})`;
  if (why.verdict === "none") return `${head}${mix}\nnothing moved beyond noise\n`;
  if (why.verdict === "external")
    return `${head}${mix}\neverything moved alike: the cause is not among what was looked into\n`;
  const lines = why.causes.map(causeLine);
  return `${head}${mix}\n\n${lines.join("\n")}\n\nunexplained: ${percent(why.unexplained)}\n`;
}

function causeLine({ slice, except = {}, share, observed, expected, clients, client }: ExplainedCause): string {
  const bar = "█".repeat(Math.max(1, Math.round(share * BAR_LENGTH))).padEnd(BAR_LENGTH);
  const named = Object.entries(slice).map(([name, value]) => `${name} ${printable(value) || "unknown"}`);
  if (named.length === 0) named.push("everything");
  for (const [name, values] of Object.entries(except))
    named.push(`all but ${name} ${values.map((value) => printable(value) || "unknown").join(", ")}`);
  const who = client === undefined ? `${clients} clients` : `one client: ${client}`;
  return `${percent(share).padStart(4)} ${bar} ${named.join(", ")}: ${figure(observed)}, ${figure(expected)} expected, ${who}`;
}

const percent = (share: number): string => `${Math.round(100 * share)}%`;
const signed = (value: number): string => `${value < 0 ? "-" : "+"}${figure(Math.abs(value))}`;

function figure(value: number): string {
  return Number.isInteger(value) ? String(value) : value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
