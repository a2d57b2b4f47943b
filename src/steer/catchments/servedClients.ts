import type { Cube } from "../../cube/cube.js";
import { sortGroupBy } from "../../cube/segments/sortGroupBy.js";
import { type GroupOptions, groupNetworks, groupServers } from "../latency/groupServers.js";
import type { ClientPlace } from "../latency/latencyPrediction.js";
import type { Server } from "../server.js";

/** Clients of one place and network, and who answered them. */
export interface ServedClients {
  /** Row of the cube's places. */
  readonly place: number;
  readonly where: ClientPlace;
  readonly network: string;
  /** By server, in the order of the catalogue. */
  readonly requests: Float64Array;
}

/** Counts requests by place, network and server. */
export function servedClients(cube: Cube, servers: readonly Server[], options: GroupOptions) {
  const names = servers.map(({ name }) => name);
  const serverOfGroup = groupServers(cube, names, options.serverDimension);
  const { networkOfGroup, networks } = groupNetworks(cube, options.networkDimension);
  const { segment, places } = cube;
  const { order, starts, groups } = sortGroupBy(
    [segment.place, networkOfGroup],
    [places.length, networks.length],
    segment.length,
  );
  let leftOut = 0;
  const clients: ServedClients[] = [];
  for (let s = 0; s < groups; s++) {
    const requests = new Float64Array(names.length);
    const place = segment.place[order[starts[s]!]!]!;
    const isLocated = Number.isFinite(places.lat[place]!);
    for (let i = starts[s]!; i < starts[s + 1]!; i++) {
      const group = order[i]!;
      if (isLocated && serverOfGroup[group]! > 0) requests[serverOfGroup[group]! - 1]! += segment.count[group]!;
      else leftOut += segment.count[group]!;
    }
    if (!requests.some((count) => count > 0)) continue;
    const network = networks[networkOfGroup[order[starts[s]!]!]!]!;
    const accuracyKm = Math.max(0, places.accuracyKm[place]! || 0);
    const where = { lat: places.lat[place]!, lon: places.lon[place]!, accuracyKm, network };
    clients.push({ place, where, network, requests });
  }
  return { clients, leftOut };
}
