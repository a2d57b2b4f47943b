import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

export const hasBuild = existsSync(cli);

export interface CliRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliRunOptions {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The command line's file; default: the build's. */
  readonly cli?: string;
  /** Sends Ctrl-C after this time; until then stdin stays open. */
  readonly interruptAfterMs?: number;
}

/** Runs the built command line as a user would. `input` goes to its stdin. */
export function runCli(args: readonly string[], options: CliRunOptions = {}): Promise<CliRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [options.cli ?? cli, ...args], {
      cwd: options.cwd,
      env: { ...process.env, NO_COLOR: "1", COLUMNS: "", GEOPIVOT_DB: "", ...options.env },
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    // A shell says 130 of a process that Ctrl-C ended before it could answer for itself.
    child.on("close", (code, signal) => resolve({ exitCode: signal === "SIGINT" ? 130 : code, stdout, stderr }));
    child.stdin.on("error", () => {}); // the child may end before it has read everything
    if (options.interruptAfterMs === undefined) child.stdin.end(options.input ?? "");
    else {
      child.stdin.write(options.input ?? "");
      setTimeout(() => child.kill("SIGINT"), options.interruptAfterMs);
    }
  });
}
