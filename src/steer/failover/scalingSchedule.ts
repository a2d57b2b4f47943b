import { SLOTS } from "./demandBySlot.js";
import { planError } from "./errors.js";
import type { ServerHeadroom } from "./headroomTally.js";
import type { FailoverPlan } from "./planFailover.js";
import { slotName } from "./planState.js";

export interface ScheduleOptions {
  /** Requests a second that one replica serves. */
  readonly rpsPerReplica: number;
  /** Never fewer than these, and what hours get that the log tells nothing of. Default 1. */
  readonly minReplicas?: number;
  /** Name of the Deployment that is scaled; default: the server's name. */
  readonly deployment?: (server: string) => string;
}

/** Hours of the week, in UTC, in which a server runs so many replicas. */
export interface ScalingWindow {
  /** First hour and the hour after the last; 0 is Monday 00:00 UTC. */
  readonly fromSlot: number;
  readonly toSlot: number;
  readonly replicas: number;
}

export interface ServerSchedule {
  readonly server: string;
  readonly windows: readonly ScalingWindow[];
  /** A KEDA ScaledObject with a cron trigger a window. It is JSON, which `kubectl apply -f` takes as it is. */
  readonly keda: Readonly<Record<string, unknown>>;
  /** The same for an HPA: what to set `minReplicas` to, and when, as cron expressions in UTC. */
  readonly hpa: readonly { readonly schedule: string; readonly minReplicas: number }[];
  /** In words: the busiest window and the failure it is for. */
  readonly why: string;
}

/**
 * Turns headroom into a schedule: in every hour enough replicas for the worst loss of another server. Neighbouring hours
 * with the same need are one window. Throws `bad-plan-option`.
 */
export function scalingSchedule(plan: Pick<FailoverPlan, "headroom">, options: ScheduleOptions): ServerSchedule[] {
  const { rpsPerReplica, minReplicas = 1, deployment = (server) => server } = options;
  if (!(rpsPerReplica > 0))
    throw planError("bad-plan-option", {
      option: "rpsPerReplica",
      value: String(rpsPerReplica),
      expected: "a positive number",
    });
  return plan.headroom.map((headroom) => {
    const replicas = headroom.neededRps.map((rps) => Math.max(minReplicas, Math.ceil((rps ?? 0) / rpsPerReplica)));
    const windows = windowsOf(replicas);
    const { name } = headroom;
    return {
      server: name,
      windows,
      keda: kedaObject(deployment(name), minReplicas, windows),
      hpa: windows.map((window) => ({ schedule: cron(window.fromSlot), minReplicas: window.replicas })),
      why: reason(headroom, replicas, rpsPerReplica),
    };
  });
}

function windowsOf(replicas: readonly number[]): ScalingWindow[] {
  const windows: ScalingWindow[] = [];
  for (let from = 0; from < SLOTS; ) {
    let to = from + 1;
    while (to < SLOTS && replicas[to] === replicas[from]) to++;
    windows.push({ fromSlot: from, toSlot: to, replicas: replicas[from]! });
    from = to;
  }
  return windows;
}

/** Kubernetes names are lower case; what is none is put in words that are. */
function kedaObject(deployment: string, minReplicas: number, windows: readonly ScalingWindow[]) {
  const name =
    deployment
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 50) || "server";
  const most = Math.max(...windows.map(({ replicas }) => replicas));
  return {
    apiVersion: "keda.sh/v1alpha1",
    kind: "ScaledObject",
    metadata: { name: `${name}-headroom` },
    spec: {
      scaleTargetRef: { name },
      minReplicaCount: minReplicas,
      maxReplicaCount: Math.max(most, minReplicas),
      triggers: windows
        .filter(({ replicas }) => replicas > minReplicas)
        .map(({ fromSlot, toSlot, replicas }) => ({
          type: "cron",
          metadata: { timezone: "UTC", start: cron(fromSlot), end: cron(toSlot), desiredReplicas: String(replicas) },
        })),
    },
  };
}

/** Cron counts days from Sunday. */
function cron(slot: number): string {
  const hour = slot % SLOTS;
  return `0 ${hour % 24} * * ${(Math.floor(hour / 24) + 1) % 7}`;
}

function reason(headroom: ServerHeadroom, replicas: readonly number[], rpsPerReplica: number): string {
  const most = Math.max(...replicas);
  const slot = replicas.indexOf(most);
  const needed = headroom.neededRps[slot] ?? 0;
  const loss = headroom.worstLoss[slot];
  const cause = loss === null || loss === undefined ? "with every server up" : `if ${loss} is lost`;
  return `${headroom.name}: at most ${most} replicas, ${slotName(slot)} UTC: up to ${needed.toPrecision(3)} requests/s ${cause}, ${rpsPerReplica} a replica`;
}
