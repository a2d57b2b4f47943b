import { CommanderError } from "commander";
import { isGeopivotError } from "../core/errors.js";
import { printable } from "./printable.js";

/** What a run of the command line ends with; scripts and pipelines rely on these. */
export const EXIT = { done: 0, internalError: 1, badUsage: 2, gateFailed: 3, interrupted: 130 } as const;

/** Codes of failures of the operating system that are about the files the user named, not about us. */
const FILE_ERRORS = new Set([
  "ENOENT",
  "EACCES",
  "EPERM",
  "EISDIR",
  "ENOTDIR",
  "ENOSPC",
  "EROFS",
  "EMFILE",
  "ENAMETOOLONG",
]);

/** The exit code and the one line for stderr that an error deserves. The line is empty where it was said already. */
export function verdictOf(error: unknown): { readonly exitCode: number; readonly line: string } {
  if (error instanceof CommanderError) return { exitCode: error.exitCode === 0 ? EXIT.done : EXIT.badUsage, line: "" };
  if (isAbort(error)) return { exitCode: EXIT.interrupted, line: "interrupted" };
  if (isGeopivotError(error)) return { exitCode: EXIT.badUsage, line: printable(error.message) };
  if (error instanceof Error && FILE_ERRORS.has((error as NodeJS.ErrnoException).code ?? "")) {
    return { exitCode: EXIT.badUsage, line: printable(error.message) };
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { exitCode: EXIT.internalError, line: `internal error: ${stack}` };
}

function isAbort(error: unknown): boolean {
  return (
    error instanceof Error && (error.name === "AbortError" || (error as NodeJS.ErrnoException).code === "ABORT_ERR")
  );
}
