import { readFile } from "node:fs/promises";
import { Command } from "commander";
import type { Events } from "../../core/events.js";
import { readBatches } from "../../read/readBatches.js";
import type { ReadReport } from "../../read/readReport.js";
import { eventRecord } from "../../read/records/eventRecord.js";
import { unlocated } from "../../read/unlocated.js";
import { type EventFilter, findingEvents } from "../../report/payloads/findingEvents.js";
import { parseFindings } from "../../report/payloads/parseFindings.js";
import { cliError } from "../errors.js";
import { checkMap } from "../input/checkNames.js";
import { openCommandLocator, warn } from "../input/openCommandLocator.js";
import { type InputOptions, inputOptions, wholeNumber } from "../input/options.js";
import { readOptions } from "../input/readOptions.js";
import { jsonText } from "../output/jsonText.js";
import { rejectedLines } from "../output/readSummary.js";
import { writeStdout } from "../output/writeOutput.js";

interface EventsOptions extends InputOptions {
  readonly limit?: number;
  readonly finding?: string;
  readonly findings?: string;
}

/** Text that is worth a write. */
const BLOCK_CHARACTERS = 1 << 16;

/** `geopivot events FILE…`: what was understood of a log, one JSON object an event. */
export function eventsCommand(signal: AbortSignal): Command {
  const command = new Command("events")
    .description("say what was understood of a log: one JSON object an event; with --db, where it came from, too")
    .argument("<files...>", "logs, or - for stdin")
    .option("--limit <n>", "only so many events", wholeNumber(1, 1e9))
    .option("--finding <id>", "only the events behind this finding of --findings: its time, its places, its slice")
    .option("--findings <file>", "the findings that `geopivot analyze --json` wrote");
  for (const option of inputOptions()) command.addOption(option);
  return command.action((files: string[], options: EventsOptions) => runEvents(files, options, signal));
}

async function runEvents(files: readonly string[], options: EventsOptions, signal: AbortSignal): Promise<void> {
  checkMap(options.map);
  const filter = await filterOf(options);
  const located = options.db !== undefined || options.networks !== undefined;
  const locator = located || filter !== undefined ? await openCommandLocator(options, signal) : undefined;
  const reading = { ...readOptions(options, signal), locator: locator ?? unlocated(), routes: false };
  // A first look should not wait for a batch of a quarter of a million.
  const batches = readBatches([...files], { ...reading, batchRows: Math.min(options.limit ?? 65_536, 65_536) });
  const writer = new RecordWriter(options.limit ?? Number.POSITIVE_INFINITY, filter, located);
  for await (const batch of batches) {
    if (await writer.write(batch)) return;
    signal.throwIfAborted();
  }
  warn([...(locator?.warnings ?? []), ...batches.report.warnings, ...rejected(batches.report)]);
}

function rejected(report: ReadReport): string[] {
  return report.rejected > 0 ? [rejectedLines(report).join("\n")] : [];
}

/** Writes events as lines, up to a limit. */
class RecordWriter {
  readonly #limit: number;
  readonly #filter: EventFilter | undefined;
  readonly #located: boolean;
  #written = 0;

  constructor(limit: number, filter: EventFilter | undefined, located: boolean) {
    this.#limit = limit;
    this.#filter = filter;
    this.#located = located;
  }

  /** Tells whether the limit is reached. */
  async write(events: Events): Promise<boolean> {
    let block = "";
    for (let row = 0; row < events.length && this.#written < this.#limit; row++) {
      if (this.#filter !== undefined && !this.#filter(events, row)) continue;
      block += `${jsonText(eventRecord(events, row, this.#located))}\n`;
      this.#written++;
      if (block.length < BLOCK_CHARACTERS) continue;
      await writeStdout(block);
      block = "";
    }
    if (block !== "") await writeStdout(block);
    return this.#written >= this.#limit;
  }
}

/** The filter that `--finding` asks for. */
async function filterOf({ finding: id, findings: path }: EventsOptions): Promise<EventFilter | undefined> {
  if (id === undefined && path === undefined) return undefined;
  if (id === undefined) throw cliError("bad-option", { option: "--findings", value: path!, expected: "--finding ID" });
  if (path === undefined) throw cliError("bad-option", { option: "--finding", value: id, expected: "--findings FILE" });
  const { findings } = parseFindings(await readFile(path, "utf8"));
  const finding = findings.find((one) => one.id === id);
  if (finding === undefined)
    throw cliError("bad-option", { option: "--finding", value: id, expected: `the id of a finding in ${path}` });
  return findingEvents(finding);
}
