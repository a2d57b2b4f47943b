#!/usr/bin/env node
import { EXIT, verdictOf } from "./exitCodes.js";
import { separateDatabases } from "./input/argumentOrder.js";

async function main(): Promise<void> {
  const interrupt = new AbortController();
  process.once("SIGINT", () => {
    interrupt.abort();
    process.once("SIGINT", () => process.exit(EXIT.interrupted));
  });
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(EXIT.done);
    throw error;
  });
  try {
    // Loaded only now, so that Ctrl-C is listened to from the first moment.
    const { program } = await import("./program.js");
    const argv = separateDatabases(process.argv.slice(2));
    await (await program(argv, interrupt.signal)).parseAsync(argv, { from: "user" });
  } catch (error) {
    const { exitCode, line } = verdictOf(error);
    if (line !== "") process.stderr.write(`geopivot: ${line}\n`);
    process.exitCode = exitCode;
    // A pipe that still waits for input would keep the process alive.
    if (exitCode === EXIT.interrupted) process.exit();
  }
}

await main();
