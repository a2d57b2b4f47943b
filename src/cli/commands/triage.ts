import { readFile } from "node:fs/promises";
import { text as readAll } from "node:stream/consumers";
import { Command, Option } from "commander";
import { version } from "../../../package.json";
import { isGeopivotError } from "../../core/errors.js";
import { parseFindings } from "../../report/payloads/parseFindings.js";
import type { Alert } from "../../triage/alert.js";
import { alertsJson } from "../../triage/alertsJson.js";
import { parseFeedback } from "../../triage/parseFeedback.js";
import { parseTriageState } from "../../triage/parseTriageState.js";
import { alertPayload, PAYLOAD_FORMATS, type PayloadFormat } from "../../triage/payloads/alertPayload.js";
import type { Triage } from "../../triage/triage.js";
import type { TriageState } from "../../triage/triageState.js";
import { cliError } from "../errors.js";
import { eventsOption, time } from "../input/options.js";
import { readOutageEvents } from "../input/readOutageEvents.js";
import { readPolicy } from "../input/readPolicy.js";
import { alertsTable } from "../output/alertsTable.js";
import { fileErrorReason } from "../output/fileErrorReason.js";
import { jsonText } from "../output/jsonText.js";
import { refuseOverwriting, writeOutput } from "../output/writeOutput.js";
import { triageAsItWent } from "../triageAsItWent.js";
import { triageFindings } from "../triageFindings.js";

const FORMATS = ["json", "text", ...PAYLOAD_FORMATS] as const;
/** Formats of messages: what was told before is not told again. */
const MESSAGES: ReadonlySet<PayloadFormat> = new Set(["pagerduty", "slack", "teams", "cloudevents", "otlp"]);

interface TriageCommandOptions {
  readonly policy?: string;
  readonly format: (typeof FORMATS)[number];
  readonly state?: string;
  readonly feedback?: string;
  readonly events?: string;
  readonly now?: number;
  readonly postMortems?: string;
  readonly out: string;
}

/** `geopivot triage FINDINGS --policy FILE`: findings to the few alerts that a person can act on. */
export function triageCommand(): Command {
  return new Command("triage")
    .description("findings to the few alerts that a person can act on, by a policy")
    .argument("<findings>", "a findings document (analyze --json), - for stdin")
    .option("--policy <file>", "how findings become alerts, YAML or JSON (default: what `policy init` prints)")
    .addOption(new Option("--format <name>", "what to write").choices(FORMATS).default("json"))
    .option("--state <file>", "what was told before: read if it is there, and written anew; only news is news then")
    .option("--feedback <file>", "verdicts on findings by id, YAML or JSON: { 8a2f39674f433f98: false }")
    .addOption(eventsOption())
    .addOption(new Option("--now <time>", "when it is (default: the end of what the findings are of)").argParser(time))
    .option("--post-mortems <folder>", "write a draft of a post-mortem an alert: Markdown and a picture")
    .option("--out <file>", "where to write", "-")
    .action(async (path: string, options: TriageCommandOptions) => {
      const inputs = [path, options.policy, options.feedback, options.events].filter(
        (one) => one !== undefined && one !== "-",
      );
      await refuseOverwriting(inputs as string[], [options.out, options.state]);
      const policy = await readPolicy(options.policy);
      const { findings, input } = parseFindings(await (path === "-" ? readAll(process.stdin) : readFile(path, "utf8")));
      const state = options.state === undefined ? null : await readState(options.state);
      const feedback = options.feedback === undefined ? {} : await readFeedback(options.feedback);
      const asked = {
        feedback,
        ...(await readOutageEvents(options.events)),
        ...(options.now === undefined ? {} : { nowMs: options.now }),
      };
      const result = triageFindings(findings, input.toMs, policy, state, asked);
      await writeOutput(options.out, render(result, options.format));
      if (options.postMortems !== undefined) {
        const { writePostMortems } = await import("../output/writePostMortems.js");
        // Without a state nothing was told before: the drafts tell what would have been, moment by moment.
        const told = state === null ? triageAsItWent(findings, input.toMs, policy, asked) : result;
        await writePostMortems(options.postMortems, told.alerts, findings);
      }
      // What is told counts as told only when it is written.
      if (options.state !== undefined) await writeOutput(options.state, `${jsonText(result.state)}\n`);
    });
}

function render(result: Triage, format: TriageCommandOptions["format"]): string {
  if (format === "text") return alertsTable(result);
  if (format === "json") return `${jsonText(alertsJson(result), 2)}\n`;
  const isTold = ({ change }: Alert): boolean => change !== "unchanged" || !MESSAGES.has(format);
  const { alerts, digestAlert, state } = result;
  const all = digestAlert === null ? alerts : [...alerts, digestAlert];
  return alertPayload(format, all.filter(isTold), { nowMs: state.atMs, productVersion: version });
}

async function readState(path: string): Promise<TriageState | null> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw cliError("bad-file", { path, why: fileErrorReason(error) ?? String(error) }, error);
  }
  return within(path, () => parseTriageState(text));
}

async function readFeedback(path: string): Promise<Record<string, boolean>> {
  const text = await readFile(path, "utf8");
  return within(path, () => parseFeedback(text));
}

/** Errors of a file's contents with the file's name. */
function within<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isGeopivotError(error)) throw error;
    throw cliError("bad-file", { path, why: error.message }, error);
  }
}
