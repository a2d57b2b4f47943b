import { createInterface } from "node:readline";
import { Command } from "commander";
import type { Locator } from "../../locate/locator.js";
import { openCommandLocator, warn } from "../input/openCommandLocator.js";
import { cacheOption, databaseOption, networksOption } from "../input/options.js";
import { jsonText } from "../output/jsonText.js";
import { writeStdout } from "../output/writeOutput.js";

/** `geopivot locate IP… | -`: one JSON object a line, in the order asked. */
export function locateCommand(signal: AbortSignal): Command {
  return new Command("locate")
    .description("say where addresses are: one JSON object a line")
    .argument("<addresses...>", "IP addresses, or - to read them from stdin, one a line")
    .addOption(databaseOption())
    .addOption(networksOption())
    .addOption(cacheOption())
    .action(async (addresses: string[], options: { db?: string[]; networks?: string; cache?: boolean }) => {
      const locator = await openCommandLocator(options, signal);
      for (const address of addresses) {
        if (address === "-") await locateLines(locator, signal);
        else await writeStdout(answer(locator, address));
      }
      warn(locator.warnings);
    });
}

async function locateLines(locator: Locator, signal: AbortSignal): Promise<void> {
  let block = "";
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY, signal })) {
    if (line === "") continue;
    block += answer(locator, line);
    if (block.length > 65_536) {
      await writeStdout(block);
      block = "";
    }
  }
  signal.throwIfAborted();
  await writeStdout(block);
}

function answer(locator: Locator, ip: string): string {
  return `${jsonText({ ip, ...locator.lookup(ip) })}\n`;
}
