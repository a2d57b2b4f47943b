import type { Server } from "../server.js";
import type { End } from "./endTable.js";

/** The ends of servers. Of several at the same coordinates, the first is also the end of clients there. */
export function serverEnds(servers: readonly Server[]): End[] {
  const count = new Map<string, number>();
  return servers.map(({ lat, lon, accuracyKm = 0 }) => {
    const key = `${lat} ${lon}`;
    const twin = count.get(key) ?? 0;
    count.set(key, twin + 1);
    return { lat, lon, accuracyKm, twin };
  });
}
