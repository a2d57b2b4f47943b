import { CommanderError } from "commander";
import { isGeopivotError } from "../core/errors.js";
import { fileErrorReason } from "./output/fileErrorReason.js";
import { printable } from "./output/printable.js";

/** What a run of the command line ends with; scripts and pipelines rely on these. */
export const EXIT = { done: 0, internalError: 1, badUsage: 2, gateFailed: 3, interrupted: 130 } as const;

/** The exit code and the one line for stderr that an error deserves. The line is empty where it was said already. */
export function verdictOf(error: unknown): { readonly exitCode: number; readonly line: string } {
  if (error instanceof CommanderError) return { exitCode: error.exitCode === 0 ? EXIT.done : EXIT.badUsage, line: "" };
  if (isAbort(error)) return { exitCode: EXIT.interrupted, line: "interrupted" };
  if (isGeopivotError(error)) return { exitCode: EXIT.badUsage, line: printable(error.message) };
  const reason = fileErrorReason(error);
  if (reason !== undefined) {
    const { path = "a file" } = error as NodeJS.ErrnoException;
    return { exitCode: EXIT.badUsage, line: printable(`${path}: ${reason}`) };
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const told = process.env.GEOPIVOT_DEBUG ? stack : stack.split("\n", 1)[0]!;
  return { exitCode: EXIT.internalError, line: `internal error: ${printable(told)} (GEOPIVOT_DEBUG=1 says where)` };
}

function isAbort(error: unknown): boolean {
  return (
    error instanceof Error && (error.name === "AbortError" || (error as NodeJS.ErrnoException).code === "ABORT_ERR")
  );
}
