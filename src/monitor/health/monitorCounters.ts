/** Why an event was not counted. */
export type DropReason = "late" | "duplicate" | "future" | "buffer-full" | "no-time";

/** How late the events were that came too late, by the time that their bucket was closed before. */
export const LATENESS_CLASSES = [
  { name: "1m", ms: 60_000 },
  { name: "5m", ms: 300_000 },
  { name: "1h", ms: 3_600_000 },
  { name: "1d", ms: 86_400_000 },
  { name: "more", ms: Number.POSITIVE_INFINITY },
] as const;

export type LatenessClass = (typeof LATENESS_CLASSES)[number]["name"];

/** What a monitor has counted since it began, restarts included. */
export interface CountersState {
  accepted: number;
  rejected: Record<string, number>;
  dropped: Record<DropReason, number>;
  late: Record<LatenessClass, number>;
  buckets: number;
  changes: number;
  alertsSent: number;
  alertsFailed: number;
}

/** Counters without anything counted. */
export function noCounts(): CountersState {
  return {
    accepted: 0,
    rejected: {},
    dropped: { late: 0, duplicate: 0, future: 0, "buffer-full": 0, "no-time": 0 },
    late: { "1m": 0, "5m": 0, "1h": 0, "1d": 0, more: 0 },
    buckets: 0,
    changes: 0,
    alertsSent: 0,
    alertsFailed: 0,
  };
}

/** Counts an event that came too late. */
export function countLate(counts: CountersState, lateMs: number): void {
  counts.dropped.late++;
  counts.late[LATENESS_CLASSES.find(({ ms }) => lateMs <= ms)!.name]++;
}
