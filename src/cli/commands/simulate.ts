import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Command } from "commander";
import { checkTrafficSpec, type SimulatedRequest, simulateTraffic, type TrafficSpec } from "../../simulate/index.js";
import { computing } from "../computing.js";
import { cliError } from "../errors.js";
import { openCommandLocator } from "../input/openCommandLocator.js";
import { databaseOption } from "../input/options.js";
import { writeOutput, writeStdout } from "../output/writeOutput.js";

/** `geopivot simulate SPEC --out DIR`: seeded traffic with incidents, and their truth. */
export function simulateCommand(signal: AbortSignal): Command {
  return new Command("simulate")
    .description("make a log with known incidents: events.ndjson and truth.json")
    .argument("<spec>", "JSON file: seed, start, days, requestsPerDay, incidents")
    .requiredOption("--out <dir>", "folder to write to")
    .addOption(databaseOption())
    .action(async (path: string, options: { out: string; db?: string[] }) => {
      const spec = await readSpec(path);
      const locator = await openCommandLocator(options, signal);
      const counted = { lines: 0 };
      // What is planned before the first request takes long where there are many.
      const { incidents, log } = computing(() => {
        const traffic = simulateTraffic(spec, locator);
        return { incidents: traffic.incidents, log: started(blocks(traffic.requests, counted)) };
      });
      await mkdir(options.out, { recursive: true });
      await writeBoth(
        options.out,
        log,
        signal,
        () => `${JSON.stringify({ spec, events: counted.lines, incidents }, null, 1)}\n`,
      );
      await writeStdout(
        `${counted.lines.toLocaleString("en-US")} requests, ${incidents.length} incidents -> ${options.out}\n`,
      );
    });
}

/** The same texts, of which the first is made at once. */
function started(texts: Iterable<string>): Iterable<string> {
  const iterator = texts[Symbol.iterator]();
  const first = iterator.next();
  return (function* () {
    for (let next = first; next.done !== true; next = iterator.next()) yield next.value;
  })();
}

/** Writes log and truth, both or neither: what was there before stays until both are whole. */
async function writeBoth(
  folder: string,
  log: Iterable<string>,
  signal: AbortSignal,
  truth: () => string,
): Promise<void> {
  const path = join(folder, "events.ndjson");
  const partial = `${path}.${randomUUID()}.part`;
  try {
    await pipeline(Readable.from(log), createWriteStream(partial, { flags: "wx" }), { signal });
    signal.throwIfAborted();
    await writeOutput(join(folder, "truth.json"), truth());
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

async function readSpec(path: string): Promise<TrafficSpec> {
  const text = await readFile(path, "utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const reason = text.includes("\ufffd") ? "binary data was found" : (cause as Error).message;
    throw cliError("bad-option", { option: "spec", value: path, expected: `JSON (${reason})` });
  }
  return checkTrafficSpec(value);
}

/** Lines joined to blocks that are worth a write each. */
function* blocks(requests: Iterable<SimulatedRequest>, counted: { lines: number }): Generator<string> {
  let block = "";
  for (const request of requests) {
    block += `${JSON.stringify(request)}\n`;
    counted.lines++;
    if (block.length < 1 << 18) continue;
    yield block;
    block = "";
  }
  if (block !== "") yield block;
}
