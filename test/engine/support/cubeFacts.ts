import type { Cube } from "../../../src/cube/cube.js";
import { DistinctSketch } from "../../../src/stats/distinctSketch.js";

/** All that a cube holds, in plain values and an order of its own: equal for equal cubes, however they were made. */
export function cubeFacts(cube: Cube) {
  const { groups, places, dimensions, segment } = cube;
  const facts: [string, unknown][] = [];
  for (let g = 0; g < groups.length; g++) {
    const place = groups.place[g]!;
    const bins = new Uint32Array(cube.latencyBins.count);
    cube.latencyInto(g, bins);
    const key = [
      groups.bucket[g]! + cube.originMs / cube.bucketMs,
      places.countries.value(places.country[place]!),
      places.regions.value(places.region[place]!),
      places.cities.value(places.city[place]!),
      places.cellHigh[place],
      places.cellLow[place],
      ...dimensions.map((d, i) => d.dictionary.value(groups.codes[i]![g]!)),
    ];
    facts.push([
      JSON.stringify(key),
      {
        counts: [groups.count[g], groups.errors[g], groups.clientErrors[g], groups.denied[g], groups.statusless[g]],
        bytes: groups.bytes[g],
        latencies: [...bins.entries()].filter(([, count]) => count > 0),
        clients: clientFacts(cube, g),
        users: userFacts(cube, g),
        sketched: [segment.clients.sketches.get(g)?.bound, segment.users.sketches.has(g)],
        place: [places.lat[place], places.lon[place], places.timeZones.value(places.timeZone[place]!)],
      },
    ]);
  }
  facts.sort(([a], [b]) => (a < b ? -1 : 1));
  return { facts, from: cube.firstTimeMs, to: cube.lastTimeMs, buckets: cube.bucketCount, origin: cube.originMs };
}

function clientFacts(cube: Cube, group: number) {
  const registers = cube.segment.clients.sketches.get(group)?.registers;
  const listed = cube.topClients([group], 1e6).map(({ address, count, errors }) => [address, count, errors]);
  return { listed: listed.sort(), registers: registers && [...registers].join() };
}

function userFacts(cube: Cube, group: number) {
  const sketch = new DistinctSketch();
  cube.usersInto(group, sketch);
  const hashes: string[] = [];
  sketch.forEach((low, high) => {
    hashes.push(`${high}.${low}`);
  });
  return { hashes: hashes.sort(), registers: sketch.registers && [...sketch.registers].join() };
}
