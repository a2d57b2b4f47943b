import { DistinctSketch } from "../../stats/distinctSketch.js";
import { Cube } from "../cube.js";
import { ClientCodes } from "../keys/clientCodes.js";
import { CubePlaces } from "../keys/cubePlaces.js";
import { PLACE_LEVELS } from "../keys/placeLevel.js";
import { aggregateGroups } from "../segments/aggregateGroups.js";
import { range } from "../segments/range.js";
import { bucketSpan } from "../segments/segment.js";
import { keepGroups } from "./sliceCube.js";

/**
 * The cube fit to be given away: every group stands for at least `minClients` distinct clients. Groups of fewer are merged
 * upward, from the cell to the city, the region, the country and the world, and withheld if there are still too few. Client
 * addresses and users' hashes are not in it.
 */
export function withPrivacyFloor(cube: Cube, minClients: number): Cube {
  let current = cube;
  for (const level of PLACE_LEVELS.slice(0, -1).toReversed()) {
    const small = smallGroups(current, minClients);
    const { parts } = current;
    const places = new CubePlaces(current.resolution);
    const asTheyAre = places.rowsFrom(parts.places);
    const coarser = places.rowsFrom(parts.places, { level });
    const { segment } = parts;
    const place = segment.place.map((row, group) => (small[group] ? coarser[row]! : asTheyAre[row]!));
    const merged = aggregateGroups(segment, parts.clients, {
      keys: { bucket: segment.bucket, place, codes: segment.codes },
      rows: range(segment.length),
      sizes: [current.bucketCount, places.length, ...parts.dimensions.map((d) => d.dictionary.size)],
      firstBucket: segment.firstBucket,
      measures: parts.settings.measures,
    });
    current = new Cube({ ...parts, places, segment: merged });
  }
  const small = smallGroups(current, minClients);
  const { parts } = keepGroups(current, (group) => small[group] === 0);
  const measures = new Set(
    [...parts.settings.measures].filter((measure) => measure !== "clients" && measure !== "users"),
  );
  const anonymous = aggregateGroups(parts.segment, parts.clients, {
    keys: parts.segment,
    rows: range(parts.segment.length),
    sizes: [bucketSpan(parts.segment), parts.places.length, ...parts.dimensions.map((d) => d.dictionary.size)],
    firstBucket: parts.segment.firstBucket,
    measures,
  });
  return new Cube({
    ...parts,
    clients: new ClientCodes(),
    settings: { ...parts.settings, measures },
    segment: anonymous,
  });
}

/** By group: 1 if fewer distinct clients than the floor stand behind it. */
function smallGroups(cube: Cube, minClients: number): Uint8Array {
  const small = new Uint8Array(cube.groups.length);
  const sketch = new DistinctSketch();
  for (let group = 0; group < small.length; group++) {
    sketch.clear();
    cube.clientsInto(group, sketch);
    if (sketch.count() < minClients) small[group] = 1;
  }
  return small;
}
