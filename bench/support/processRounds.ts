import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Timing } from "./rounds.js";

/** Something that is timed in a process of its own. */
export interface Contender {
  readonly name: string;
  /** Does what is done once, whatever the log, and returns what is timed. */
  prepare(): Promise<() => unknown>;
}

/**
 * Like {@link rounds}, but each contender in a process of its own, as its users would run it: neither the garbage that
 * another has left nor what the engine has learned from another's code slows it. The processes take turns.
 *
 * The calling program is started once more for each contender, with `--only NAME` and `args`; there it must call
 * {@link serveRounds}. One that fails to prepare is left out, saying so.
 */
export async function processRounds(
  contenders: readonly Contender[],
  count: number,
  args: readonly string[],
): Promise<Map<string, Timing>> {
  const ready: { name: string; child: ChildProcess }[] = [];
  for (const { name } of contenders) {
    const child = fork(process.argv[1]!, [...args, "--only", name]);
    const [answer] = (await once(child, "message")) as [{ failed?: string }];
    if (answer.failed === undefined) ready.push({ name, child });
    else console.log(`${name} is left out: ${answer.failed}`);
  }
  const best = new Map<string, Timing>();
  for (let round = 0; round < count; round++)
    for (const { name, child } of ready) {
      child.send("run");
      const [timing] = (await once(child, "message")) as [Timing];
      const before = best.get(name) ?? { wall: Number.POSITIVE_INFINITY, cpu: Number.POSITIVE_INFINITY };
      best.set(name, { wall: Math.min(before.wall, timing.wall), cpu: Math.min(before.cpu, timing.cpu) });
    }
  for (const { child } of ready) child.disconnect();
  return best;
}

/**
 * A turn lasts at least so long: what takes a quarter of a second is run several times in it, for one slow moment of the
 * machine would be all of such a run, and a part of one that takes seconds.
 */
const TURN_MS = 2000;

/** In a process that {@link processRounds} has started: prepares, then runs whenever it is asked to. */
export async function serveRounds({ prepare }: Contender): Promise<void> {
  try {
    const run = await prepare();
    process.on("message", async () => {
      const best = { wall: Number.POSITIVE_INFINITY, cpu: Number.POSITIVE_INFINITY };
      const end = performance.now() + TURN_MS;
      do {
        const cpuStart = process.cpuUsage();
        const start = performance.now();
        await run();
        best.wall = Math.min(best.wall, (performance.now() - start) / 1000);
        const { user, system } = process.cpuUsage(cpuStart);
        best.cpu = Math.min(best.cpu, (user + system) / 1e6);
      } while (performance.now() < end);
      process.send!(best satisfies Timing);
    });
    process.on("disconnect", () => process.exit());
    process.send!({});
  } catch (error) {
    process.send!({ failed: (error as Error).message.split("\n")[0] });
    process.disconnect();
  }
}
