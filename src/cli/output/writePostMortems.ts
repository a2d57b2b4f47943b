import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Finding } from "../../detect/finding.js";
import { incidentPicture } from "../../report/incidents/incidentPicture.js";
import type { Alert } from "../../triage/alert.js";
import { postMortem } from "../../triage/timeline/postMortem.js";
import { timeline } from "../../triage/timeline/timeline.js";
import { writeOutput } from "./writeOutput.js";

/** A draft of a post-mortem an alert, and its picture, named after the alert's key and what it began at. */
export async function writePostMortems(
  folder: string,
  alerts: readonly Alert[],
  findings: readonly Finding[],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const taken = new Set<string>();
  for (const alert of alerts) {
    const name = freeName(alert, taken);
    const incident = timeline(alert, findings);
    const picture = incidentPicture(incident);
    if (picture !== null) await writeOutput(join(folder, `${name}.svg`), picture);
    const options = picture === null ? {} : { picture: `${name}.svg` };
    await writeOutput(join(folder, `${name}.md`), postMortem(incident, options));
  }
}

/** "2026-03-02-traffic-drop-germany": letters and digits of the Latin alphabet only, whatever is in the key. */
function freeName({ key, startMs }: Alert, taken: Set<string>): string {
  // A key ends in letters that keep long names apart; they are for programs.
  const parts = key
    .replace(/\/[a-p]{16}(?=\/|$)/, "")
    .split("/")
    .slice(1, 4)
    .join("-");
  const slug = parts
    .normalize("NFD")
    .replace(/[^a-zA-Z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
  const name = `${new Date(startMs).toISOString().slice(0, 10)}-${slug || "incident"}`.toLowerCase();
  let free = name;
  for (let n = 2; taken.has(free); n++) free = `${name}-${n}`;
  taken.add(free);
  return free;
}
