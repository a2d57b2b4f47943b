import { Command, InvalidArgumentError, Option } from "commander";
import { DETECTION_DIMENSIONS } from "../../detect/detect.js";
import { errorsOption } from "../input/errorsOption.js";
import { filterOptions } from "../input/filterOptions.js";
import { loginOption } from "../input/loginOption.js";
import {
  bucketOption,
  duration,
  eventsOption,
  inputOptions,
  names,
  positiveNumber,
  wholeNumber,
} from "../input/options.js";
import { LOGS_NEED, type WatchOptions } from "../watch/watchOptions.js";

/** `geopivot watch FILE…|-`: the chain of `analyze` beside a log that is written. */
export function watchCommand(signal: AbortSignal): Command {
  const command = new Command("watch")
    .description("tell the same findings as they happen, beside a log: alerts, a live map, metrics")
    .argument("<files...>", LOGS_NEED);
  for (const option of inputOptions()) if (option.long !== "--workers") command.addOption(option);
  return command
    .addOption(new Option("--workers <n>").argParser(wholeNumber(1, 256)).hideHelp())
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
    .option(
      "--servers <file>",
      "your servers (JSON or CSV: name, lat, lon): tells places slow for their distance and the misrouted",
    )
    .option("--holidays <file|countries>", "days off: dates by country (JSON or CSV), or countries (DE,FR)")
    .addOption(filterOptions()[0]!)
    .addOption(filterOptions()[1]!)
    .addOption(loginOption())
    .addOption(errorsOption())
    .addOption(
      new Option("--max-delay <duration>", "how late events may come").default(60_000, "60s").argParser(duration),
    )
    .addOption(
      new Option("--from <where>", "where to begin in a log that is new").choices(["start", "end"]).default("start"),
    )
    .option("--policy <file>", "how findings become alerts, YAML or JSON (default: what `policy init` prints)")
    .addOption(eventsOption())
    .option("--alertmanager <url>", "send all alerts to an Alertmanager")
    .option("--webhook <url>", "send all alerts there, as CloudEvents")
    .option("--state <dir>", "keep there what must survive a restart")
    .option(
      "--listen <host:port>",
      "serve the live map, /findings, /alerts, /metrics and /healthz (loopback if no host is given)",
    )
    .addOption(
      new Option("--allow-host <names>", "names that the server may be asked by, beside addresses").argParser(names),
    )
    .option("--journal <out>", "append each change of a finding as a line of JSON")
    .option("--replay", "play logs from their start to their end in their own time, as a drill")
    .addOption(new Option("--speed <x>", "how many times as fast a replay is (default: 1)").argParser(speed))
    .action(async (files: string[], options: WatchOptions) => {
      if (options.speed !== undefined && !options.replay) command.error("error: --speed needs --replay");
      const { watch } = await import("../watch/watch.js");
      await watch(files, options, signal);
    });
}

function speed(text: string): number {
  const value = Number(text.replace(/x$/i, ""));
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError("expected a positive number.");
  return value;
}
