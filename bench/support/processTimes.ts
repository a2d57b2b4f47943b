import { spawnSync } from "node:child_process";

/** What a process took. */
export interface ProcessTime {
  /** By the clock, seconds. */
  readonly wall: number;
  /** Of the processor, all threads together, seconds. */
  readonly cpu: number;
  /** Most memory that was resident, megabytes; 0 where the program does not tell. */
  readonly megabytes: number;
}

/** Has Node say at its end how much memory it had at the most. */
const TELL = `data:text/javascript,${encodeURIComponent(
  "process.on('exit', () => process.stderr.write('\\nmost ' + process.resourceUsage().maxRSS + '\\n'));",
)}`;

/** A run of this Node. */
export const node = (...args: readonly string[]): readonly string[] => [process.execPath, "--import", TELL, ...args];

/** Runs a program to its end, on the first `cores` processors. Throws where it fails. */
export function timed(
  command: readonly string[],
  { cores, env = {} }: { cores?: number; env?: NodeJS.ProcessEnv } = {},
) {
  const pinned = cores === undefined ? command : ["taskset", "-c", `0-${cores - 1}`, ...command];
  const start = performance.now();
  // The shell's own `time` counts what children took, whatever they are.
  const { stderr, status } = spawnSync("bash", ["-c", 'TIMEFORMAT="cpu %U %S"; time "$@"', "bash", ...pinned], {
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, LC_ALL: "C", ...env },
  });
  const wall = (performance.now() - start) / 1000;
  const [, user, system] = /^cpu ([\d.]+) ([\d.]+)$/m.exec(stderr) ?? [];
  if (status !== 0) throw new Error(`${pinned.join(" ")} ended with ${status}: ${stderr}`);
  const most = /^most (\d+)$/m.exec(stderr)?.[1] ?? "0";
  return { wall, cpu: Number(user) + Number(system), megabytes: Number(most) / 1024 } satisfies ProcessTime;
}

/** The middle of each figure over some rounds. */
export function medianOf(times: readonly ProcessTime[]): ProcessTime {
  const middle = (of: (time: ProcessTime) => number): number => times.map(of).sort((a, b) => a - b)[times.length >> 1]!;
  return { wall: middle((t) => t.wall), cpu: middle((t) => t.cpu), megabytes: middle((t) => t.megabytes) };
}
