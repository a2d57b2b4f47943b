import { addressText } from "../../src/core/addressColumn.js";
import type { Cube } from "../../src/cube/cube.js";
import { DistinctSketch } from "../../src/stats/distinctSketch.js";
import { eventsOf, type PlainEvent, TEST_PLACES } from "./randomEvents.js";

/** All that a group is about, in plain values. */
export interface PlainGroup {
  count: number;
  errors: number;
  clientErrors: number;
  denied: number;
  bytes: number;
  latencies: number[];
  clients: Record<string, [count: number, errors: number]>;
  users: number;
}

const text = (parts: readonly (string | number)[]): string => parts.join("|");

/** The groups of plain events by bucket, place and service, from a Map. */
export function naiveGroups(plain: readonly PlainEvent[], bucketMs: number, binOf: (ms: number) => number) {
  const groups = new Map<string, PlainGroup & { names: Set<string> }>();
  const { client } = eventsOf(plain);
  plain.forEach((e, row) => {
    const [country, region, city] = TEST_PLACES[e.place]!;
    const key = text([Math.floor(e.timeMs / bucketMs), country, region, city, e.service]);
    const group = groups.get(key) ?? {
      ...{ count: 0, errors: 0, clientErrors: 0, denied: 0, bytes: 0, latencies: [], clients: {}, users: 0 },
      names: new Set(),
    };
    groups.set(key, group);
    const failed = e.status >= 500 ? 1 : 0;
    group.count++;
    group.errors += failed;
    if (e.status >= 400 && e.status < 500) group.clientErrors++;
    if ([401, 403, 429].includes(e.status)) group.denied++;
    if (e.bytes > 0) group.bytes += e.bytes;
    if (!Number.isNaN(e.latencyMs)) group.latencies.push(binOf(e.latencyMs));
    if (e.client !== null) {
      const counts = (group.clients[addressText(client, row)] ??= [0, 0]);
      counts[0]++;
      counts[1] += failed;
    }
    if (e.user !== "") group.names.add(e.user);
  });
  const plainGroups = new Map<string, PlainGroup>();
  for (const [key, { names, ...group }] of groups)
    plainGroups.set(key, { ...group, users: names.size, latencies: group.latencies.sort((a, b) => a - b) });
  return new Map([...plainGroups].sort());
}

/** The groups of a cube with the one dimension `service`, in the same plain form. */
export function plainGroups(cube: Cube): Map<string, PlainGroup> {
  const { groups, places } = cube;
  const found = new Map<string, PlainGroup>();
  for (let g = 0; g < groups.length; g++) {
    const place = groups.place[g]!;
    const bins = new Uint32Array(cube.latencyBins.count);
    cube.latencyInto(g, bins);
    const users = new DistinctSketch();
    cube.usersInto(g, users);
    const clients = new DistinctSketch();
    cube.clientsInto(g, clients);
    const top = cube.topClients([g], 1e6);
    if (clients.count() !== top.length) throw new Error(`${clients.count()} clients, ${top.length} listed`);
    const key = text([
      groups.bucket[g]! + cube.originMs / cube.bucketMs,
      places.countries.value(places.country[place]!),
      places.regions.value(places.region[place]!),
      places.cities.value(places.city[place]!),
      cube.dimensions[0]!.dictionary.value(groups.codes[0]![g]!),
    ]);
    if (found.has(key)) throw new Error(`group ${key} occurs twice`);
    found.set(key, {
      count: groups.count[g]!,
      errors: groups.errors[g]!,
      clientErrors: groups.clientErrors[g]!,
      denied: groups.denied[g]!,
      bytes: groups.bytes[g]!,
      latencies: [...bins].flatMap((n, bin) => Array<number>(n).fill(bin)),
      clients: Object.fromEntries(top.map((c) => [c.address, [c.count, c.errors]])),
      users: users.count(),
    });
    if (found.get(key)!.latencies.length !== cube.segment.latencies.count[g]) throw new Error("latencies miscounted");
  }
  return new Map([...found].sort());
}
