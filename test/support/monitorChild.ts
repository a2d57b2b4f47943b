// A service that pushes a log to a monitor and writes what it is told to a file, for tests that kill it.
//   monitorChild.ts STATE OUT
import { appendFileSync } from "node:fs";
import { copyRows } from "../../src/monitor/intake/copyRows.js";
import { Monitor } from "../../src/monitor/monitor.js";
import { locatorOf } from "./liveTraffic.js";
import { MONDAY_MS, regionalTraffic } from "./regionalTraffic.js";

const [state = "", out = ""] = process.argv.slice(2);
const events = regionalTraffic({
  perMinute: 25,
  hours: 44,
  change: (request, timeMs) => {
    const hours = (timeMs - MONDAY_MS) / 3_600_000;
    if (hours >= 28 && hours < 31 && request.city.country === "DE") return null;
    if (hours >= 36 && hours < 38 && request.city.country === "JP") return { ...request, status: 503 };
    return request;
  },
});
const monitor = new Monitor({
  locator: locatorOf(events),
  ...(state !== "" && { state }),
  snapshotSeconds: 7_200,
  onChange: ({ number, change, finding }) =>
    appendFileSync(out, `${number} ${change} ${finding.id} ${finding.title}\n`),
});
console.log("started");
for (let at = monitor.offsets.get("log") ?? 0; at < events.length; at += 300) {
  const end = Math.min(events.length, at + 300);
  const rows = Uint32Array.from({ length: end - at }, (_, i) => at + i);
  monitor.push(copyRows(events, rows), { source: "log", offset: at });
  await monitor.drained();
}
await monitor.finish();
console.log("finished");
