import type { Events } from "../../src/core/events.js";
import { Cube } from "../../src/cube/cube.js";
import { DETECTION_DIMENSIONS, detect } from "../../src/detect/detect.js";
import type { Finding } from "../../src/detect/finding.js";
import type { FindingChange } from "../../src/monitor/journal/findingChange.js";
import { Monitor } from "../../src/monitor/monitor.js";
import { feed, locatorOf, shuffledPushes } from "./liveTraffic.js";

const BUCKET_MS = 300_000;

/** What the same events come to, judged at once and as they come. */
export interface BatchAndLive {
  readonly batch: readonly Finding[];
  /** What the journal leaves when what is withdrawn and merged is taken away. */
  readonly live: readonly Finding[];
  readonly changes: readonly FindingChange[];
}

/** Judges events as a whole log, and pushed in any order within the bound, in random pushes. */
export async function batchAndLive(events: Events, seed: number): Promise<BatchAndLive> {
  const batch = detect(Cube.from(events, { bucketSeconds: BUCKET_MS / 1000, dimensions: DETECTION_DIMENSIONS }), {
    events,
  });
  const changes: FindingChange[] = [];
  const monitor = new Monitor({ locator: locatorOf(events), onChange: (change) => changes.push(change) });
  await feed(monitor, shuffledPushes(events, 60_000, seed));
  await monitor.finish();
  const left = new Map<string, Finding>();
  for (const { change, finding } of changes)
    if (change === "withdrawn" || change === "merged") left.delete(finding.id);
    else left.set(finding.id, finding);
  return { batch, live: [...left.values()], changes };
}

/** What must agree: kind, region, when it could be told; when it began, within a bucket, is compared apart. */
export function incidentKey({ kind, subtype, region, detectedAtMs }: Finding): string {
  return `${kind} ${subtype} ${region.name} ${new Date(detectedAtMs).toISOString()}`;
}

/** What is found in one way and not in the other. */
export function disagreements({ batch, live }: BatchAndLive): string[] {
  const rest = [...live];
  const lines: string[] = [];
  for (const finding of batch) {
    const at = rest.findIndex(
      (other) => incidentKey(other) === incidentKey(finding) && Math.abs(other.startMs - finding.startMs) <= BUCKET_MS,
    );
    if (at >= 0) rest.splice(at, 1);
    else lines.push(`batch only: ${incidentKey(finding)}, from ${new Date(finding.startMs).toISOString()}`);
  }
  for (const one of rest) lines.push(`live only: ${incidentKey(one)}, from ${new Date(one.startMs).toISOString()}`);
  return lines;
}

/** What addresses did is told once the next window of five minutes is over, and the bucket in which that is. */
const LATE_MS = { "suspicious-traffic": 3 * BUCKET_MS };

/** Findings that were told later than they could be, themselves or what has become a part of them. */
export function toldLate({ live, changes }: BatchAndLive): string[] {
  return live.flatMap((finding) => {
    const parts = changes.filter(({ into }) => into === finding.id).map(({ finding: { id } }) => id);
    const opened = changes.filter(
      ({ change, finding: { id } }) => change === "opened" && (id === finding.id || parts.includes(id)),
    );
    const lateMs = Math.min(...opened.map(({ atMs }) => atMs)) - finding.detectedAtMs;
    const most = LATE_MS[finding.kind as keyof typeof LATE_MS] ?? 0;
    return lateMs >= 0 && lateMs <= most ? [] : [`${incidentKey(finding)}: ${lateMs / 60_000} minutes late`];
  });
}
