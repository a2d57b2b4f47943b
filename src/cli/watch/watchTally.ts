import type { Stderr } from "./tell.js";

/** What `watch` counts beside the monitor. */
export class WatchTally {
  policyReloads = 0;
  eventsReloads = 0;
  databaseReloads = 0;
  reloadFailures = 0;
  /** Lines that are no events, by reason. */
  readonly rejected: Record<string, number> = {};

  readonly reject = (reason: string, lines: number): void => {
    this.rejected[reason] = (this.rejected[reason] ?? 0) + lines;
  };

  /** Says at the end what was not read. */
  tellRejected(stderr: Stderr): void {
    const reasons = Object.entries(this.rejected).map(([reason, lines]) => `${lines} ${reason}`);
    if (reasons.length > 0) stderr.warn(`lines that are no events: ${reasons.join(", ")}`);
  }
}
