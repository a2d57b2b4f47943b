import { readFile } from "node:fs/promises";
import { Command } from "commander";
import { Cube } from "../../cube/cube.js";
import { detect } from "../../detect/detect.js";
import type { ReportOptions } from "../../report/page/buildReportModel.js";
import { renderReport } from "../../report/page/renderReport.js";
import type { FindingsInput } from "../../report/payloads/findingsJson.js";
import { parseFindings } from "../../report/payloads/parseFindings.js";
import { cliError } from "../errors.js";
import { refuseOverwriting, writeOutput } from "../output/writeOutput.js";

interface ReportCommandOptions {
  readonly html: string;
  readonly title?: string;
  readonly attribution: readonly string[];
}

/** What the database asks for that is used where none is named: a cube does not keep which one it was. */
export const DEFAULT_ATTRIBUTION = "IP Geolocation by DB-IP (https://db-ip.com), CC BY 4.0";

/** `geopivot report cube.gpc findings.json --html OUT`: the picture again, without the log. */
export function reportCommand(): Command {
  return new Command("report")
    .description("the picture again, without the log: of a saved cube, of findings, or of both")
    .argument("<files...>", "a saved cube, a findings document (analyze --json), or one of each")
    .requiredOption("--html <file>", "where to write the report, - for stdout")
    .option("--title <text>", "heading of the report")
    .option("--attribution <texts...>", "credits of the databases that placed the traffic", [DEFAULT_ATTRIBUTION])
    .action(async (files: string[], { html, title, attribution }: ReportCommandOptions) => {
      await refuseOverwriting(files, [html]);
      const options = { ...(await reportOptions(files)), attributions: attribution };
      await writeOutput(html, renderReport({ ...options, ...(title === undefined ? {} : { title }) }));
    });
}

/** A cube without findings is judged anew; findings without a cube are drawn without traffic. */
async function reportOptions(files: readonly string[]): Promise<ReportOptions> {
  const contents = await Promise.all(files.map((file) => readFile(file)));
  const cubes = contents.filter(Cube.isSaved);
  const documents = contents.filter((content) => !Cube.isSaved(content));
  if (cubes.length > 1 || documents.length > 1)
    throw cliError("bad-option", {
      option: "report",
      value: files.join(" "),
      expected: "one cube, one findings document",
    });
  const cube = cubes[0] ? Cube.load(cubes[0]) : null;
  const parsed = documents[0] ? parseFindings(documents[0].toString("utf8")) : null;
  return {
    cube,
    findings: parsed?.findings ?? (cube ? detect(cube) : []),
    input: parsed?.input ?? inputOf(cube!, files),
  };
}

function inputOf({ groups, firstTimeMs, lastTimeMs }: Cube, files: readonly string[]): FindingsInput {
  let events = 0;
  let unlocated = 0;
  for (let group = 0; group < groups.length; group++) {
    events += groups.count[group]!;
    if (groups.place[group] === 0) unlocated += groups.count[group]!;
  }
  return { files, events, rejected: 0, unlocated, fromMs: firstTimeMs, toMs: lastTimeMs };
}
