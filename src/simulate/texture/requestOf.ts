import { ipv4Text } from "../../core/addressColumn.js";
import { isoTime } from "../../core/time.js";
import type { SimulatedRequest } from "../simulatedRequest.js";
import { PATHS } from "./paths.js";
import { popOf } from "./pops.js";
import type { RequestRows } from "./requestRows.js";
import type { TexturePlan } from "./texturedTraffic.js";

/** The two releases. */
export const RELEASES = ["4.2.0", "4.3.0"] as const;

/** The name of a user by number; undefined for none. */
export function userName({ injections }: Pick<TexturePlan, "injections">, user: number): string | undefined {
  if (user < 0) return injections[-1 - user]!.user;
  return user === 0 ? undefined : `user-${user}`;
}

/** A row as a line of a log. */
export function requestOf(plan: TexturePlan, rows: RequestRows, i: number): SimulatedRequest {
  const user = userName(plan, rows.user[i]!);
  const { path, service, method } = PATHS[rows.path[i]!]!;
  const pop = popOf(plan.communities[rows.city[i]!]!, rows.address[i]!, plan.texture.pops);
  return {
    ts: isoTime(rows.timeMs[i]!),
    ip: ipv4Text(rows.address[i]!),
    status: rows.status[i]!,
    latency_ms: Math.round(rows.latencyMs[i]! * 10) / 10,
    ...(user !== undefined && { user }),
    service,
    method,
    path,
    version: RELEASES[rows.version[i]!]!,
    ...(pop !== "" && { pop }),
    bytes: 200 + ((rows.timeMs[i]! * 7919) % 20_000),
  };
}
