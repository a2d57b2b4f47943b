// Prints the megabytes resident after a saved table was opened and looked up in, in a process of its own.
import { setTimeout } from "node:timers/promises";
import { openLocator } from "../src/locate/openLocator.js";

const [table] = process.argv.slice(2);
const locator = await openLocator({ databases: [table!] });
for (let i = 0; i < 100_000; i++) locator.locate(`${i % 224}.${i & 255}.${i >> 8}.1`);
// The file's bytes are garbage by now; a quiet moment lets the collector see that.
(globalThis as { gc?: () => void }).gc?.();
await setTimeout(200);
console.log((process.memoryUsage().rss / 2 ** 20).toFixed(1));
