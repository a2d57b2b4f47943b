import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Random } from "../../src/core/random.js";

/** Ranges of a small world, as `--db` takes them. */
export const WORLD = ["DE", "FR", "US", "BR", "IN", "JP"]
  .map((country, i) => `${20 + i}.0.0.0,${20 + i}.255.255.255,${country}\n`)
  .join("");

const COUNTRIES = 6;
const MINUTE_MS = 60_000;

export interface LogOptions {
  readonly startMs: number;
  readonly minutes: number;
  /** Minutes, from and to, in which the first country's requests fail. */
  readonly failing?: readonly [from: number, to: number];
  readonly service?: string;
  /** Requests of each country in a minute. Default 20. */
  readonly perMinute?: number;
}

/** Lines of a log by minute, steady but for an incident. */
export function logMinutes({ startMs, minutes, failing, service = "api", perMinute = 20 }: LogOptions): string[] {
  const random = new Random(7);
  return Array.from({ length: minutes }, (_, minute) => {
    const rows: { ts: number; ip: string; status: number }[] = [];
    for (let country = 0; country < COUNTRIES; country++) {
      for (let i = 0; i < perMinute; i++) {
        const fails = failing && country === 0 && minute >= failing[0] && minute < failing[1] && random.next() < 0.8;
        const ip = `${20 + country}.${random.int(200)}.${random.int(200)}.${1 + random.int(200)}`;
        const ts = startMs + minute * MINUTE_MS + Math.floor(((i + random.next()) / perMinute) * MINUTE_MS);
        rows.push({ ts, ip, status: fails ? 503 : 200 });
      }
    }
    rows.sort((a, b) => a.ts - b.ts);
    return rows.map((row) => `${JSON.stringify({ ...row, service, latency_ms: 20 })}\n`).join("");
  });
}

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

/** A `geopivot watch` that runs. */
export class Watch {
  stdout = "";
  stderr = "";
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.child = spawn(process.execPath, [cli, "watch", ...args], {
      env: { ...process.env, NO_COLOR: "1", GEOPIVOT_DB: "", ...env },
    });
    this.child.stdout!.setEncoding("utf8").on("data", (text: string) => (this.stdout += text));
    this.child.stderr!.setEncoding("utf8").on("data", (text: string) => (this.stderr += text));
    this.child.stdin!.on("error", () => {});
    this.exited = new Promise((resolve) => this.child.on("close", (code) => resolve(code)));
  }

  /** Where it listens, once it does. */
  async url(): Promise<string> {
    await until(
      () => /listening on (\S+)/.test(this.stderr),
      "listening",
      () => this.stderr,
    );
    return /listening on (\S+)/.exec(this.stderr)![1]!;
  }

  /** Ends it by a signal; gives the exit code and how long it took. */
  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<{ code: number | null; tookMs: number }> {
    const startMs = performance.now();
    this.child.kill(signal);
    return { code: await this.exited, tookMs: performance.now() - startMs };
  }
}

/** Waits until something holds, for 20 s at the most. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  about: () => string = () => "",
): Promise<void> {
  const endMs = performance.now() + 20_000;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`waited in vain for ${what}: ${about()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
