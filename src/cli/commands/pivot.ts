import { Command, Option } from "commander";
import { Cube } from "../../cube/cube.js";
import { isPlaceAttribute } from "../../pivot/attributes/placeAttribute.js";
import { isTimeAttribute } from "../../pivot/attributes/timeAttribute.js";
import type { PivotOptions } from "../../pivot/pivotOptions.js";
import type { Where } from "../../pivot/where.js";
import { computing } from "../computing.js";
import { checkNames } from "../input/checkNames.js";
import { collectWhere } from "../input/collectWhere.js";
import { errorsOption } from "../input/errorsOption.js";
import { bucketOption, type InputOptions, inputOptions, names, time, wholeNumber } from "../input/options.js";
import { readCommandCube } from "../input/readCommandCube.js";
import { csvText } from "../output/csvText.js";
import { escapeControls, jsonText } from "../output/jsonText.js";
import { textTable } from "../output/textTable.js";
import { refuseOverwriting, writeOutput } from "../output/writeOutput.js";

interface PivotCommandOptions extends InputOptions {
  readonly by: readonly string[];
  readonly columns: readonly string[];
  readonly measure: readonly string[];
  readonly where: Where;
  readonly top?: number;
  readonly totals?: true;
  readonly fill?: true;
  readonly from?: number;
  readonly to?: number;
  readonly timeZone: string;
  readonly minClients: number;
  readonly bucket: number;
  readonly resolution: number;
  readonly errors?: readonly number[];
  readonly json?: string | true;
  readonly csv?: string | true;
  readonly arrow?: string;
  readonly geojson?: string | true;
  readonly coordinates?: true;
}

/** `geopivot pivot FILE… --by country,hour --measure count,p95`: one table. */
export function pivotCommand(signal: AbortSignal): Command {
  const command = new Command("pivot")
    .description("one table of the traffic: by place, time and dimensions")
    .argument("<files...>", "logs, or - for stdin")
    .option(
      "--by <names>",
      "country, region, city, cell, continent, time, day, hour, weekday, any dimension",
      names,
      [],
    )
    .option("--columns <names>", "dimensions to spread over columns", names, [])
    .option(
      "--measure <names>",
      "count, share, rate, error_rate, p95, mean, under:250ms, apdex:250ms, clients, users, bytes …",
      names,
      ["count"],
    )
    .option("--where <condition>", "name=value, name=value|value or name!=value; may be repeated", collectWhere, {})
    .option("--top <n>", "the greatest values of the first dimension; the rest is summed as other", wholeNumber(1, 1e6))
    .option("--totals", "add a row for everything, and one for each value of the dimensions before the last")
    .option("--fill", "show combinations without requests, too")
    .option("--from <time>", "only from this time on", time)
    .option("--to <time>", "only up to this time", time)
    .option("--time-zone <zone>", "clock of hour, weekday, day and time: utc, local (of the place), or a zone", "utc")
    .option("--min-clients <n>", "privacy floor: no row for fewer distinct clients", wholeNumber(0, 1e9), 0)
    .addOption(bucketOption())
    .addOption(errorsOption())
    .option("--resolution <n>", "H3 resolution of cells", wholeNumber(0, 15), 4)
    .addOption(new Option("--json [file]", "write JSON, to stdout without a file").conflicts(["csv", "arrow"]))
    .addOption(new Option("--csv [file]", "write CSV, to stdout without a file").conflicts(["json", "arrow"]))
    .addOption(new Option("--arrow <file>", "write an Arrow IPC file").conflicts(["json", "csv"]))
    .addOption(
      new Option("--geojson [file]", "write the outlines of --by cell, to stdout without a file").conflicts([
        ...["json", "csv", "arrow"],
      ]),
    )
    .option("--coordinates", "add latitude, longitude and geohash of --by cell");
  for (const option of inputOptions()) command.addOption(option);
  return command.action((files: string[], options: PivotCommandOptions) => runPivot(files, options, signal));
}

async function runPivot(files: readonly string[], options: PivotCommandOptions, signal: AbortSignal): Promise<void> {
  // Loaded only here: arquero, which makes the table, takes longer to load than all the rest of the command line.
  const { pivot } = await import("../../pivot/pivot.js");
  const question = questionOf(options);
  const used = [...options.by, ...options.columns, ...Object.keys(options.where)];
  const dimensions = [...new Set(used)].filter((name) => !isPlaceAttribute(name) && !isTimeAttribute(name));
  const { bucket, resolution, errors } = options;
  const cubeOptions = { bucketSeconds: bucket / 1000, resolution, dimensions, ...(errors && { errors }) };
  pivot(new Cube(cubeOptions), question); // what is wrong with the question should be said before a long read
  const { cellColumn, cellFeatures, withCoordinates } = await import("../output/cellTable.js");
  const placed = options.geojson ? "--geojson" : options.coordinates ? "--coordinates" : undefined;
  const cell = placed && cellColumn(placed, options.by);
  await refuseOverwriting(files, [options.json, options.csv, options.arrow, options.geojson]);
  const cube = await readCommandCube(files, options, cubeOptions, signal);
  const asked = [
    { option: "--by", names: options.by },
    { option: "--columns", names: options.columns },
  ];
  await checkNames(cube, asked, options.where, { files, input: options, signal });
  const answer = computing(() => pivot(cube, question));
  const table = options.coordinates && cell ? withCoordinates(answer, cell) : answer;
  if (options.json) await writeOutput(target(options.json), `${escapeControls(table.toJSON({ type: "rows" }))}\n`);
  else if (options.csv) await writeOutput(target(options.csv), csvText(table));
  else if (options.geojson && cell)
    await writeOutput(target(options.geojson), `${jsonText(cellFeatures(table, cell))}\n`);
  else if (options.arrow) await writeOutput(options.arrow, table.toArrowIPC({ format: "file" }));
  else await writeOutput("-", textTable(table));
}

function questionOf(options: PivotCommandOptions): PivotOptions {
  return {
    by: options.by,
    columns: options.columns,
    measures: options.measure,
    where: options.where,
    totals: options.totals ?? false,
    subtotals: options.totals ?? false,
    fill: options.fill ?? false,
    timeZone: options.timeZone,
    minClients: options.minClients,
    ...(options.top === undefined ? {} : { top: options.top }),
    ...(options.from === undefined ? {} : { from: options.from }),
    ...(options.to === undefined ? {} : { to: options.to }),
  };
}

const target = (option: string | true): string => (option === true ? "-" : option);
