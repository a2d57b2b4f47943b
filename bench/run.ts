// npm run bench: every bench of this folder, one after the other, each in a process of its own.
// `npm run bench -- locate read` runs only those.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = new URL("./", import.meta.url);
const wanted = process.argv.slice(2);
const benches = readdirSync(folder)
  .filter((file) => file.endsWith(".bench.ts"))
  .filter((file) => wanted.length === 0 || wanted.includes(file.replace(".bench.ts", "")));
let failed = 0;
for (const bench of benches) {
  console.log(`\n# ${bench}`);
  const { status } = spawnSync(process.execPath, ["--import", "tsx", fileURLToPath(new URL(bench, folder))], {
    stdio: "inherit",
  });
  if (status !== 0) failed++;
}
process.exitCode = failed > 0 ? 1 : 0;
