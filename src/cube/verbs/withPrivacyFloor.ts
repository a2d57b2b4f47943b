import { DistinctSketch } from "../../stats/distinctSketch.js";
import type { CubeParts } from "../cubeParts.js";
import { ClientCodes } from "../keys/clientCodes.js";
import { CubePlaces } from "../keys/cubePlaces.js";
import { PLACE_LEVELS } from "../keys/placeLevel.js";
import { addClients } from "../measures/clientStore.js";
import { aggregateGroups } from "../segments/aggregateGroups.js";
import { range } from "../segments/range.js";
import { bucketSpan } from "../segments/segment.js";
import { mergedOf } from "./mergedOf.js";
import { keepGroups } from "./sliceCube.js";

/**
 * The cube fit to be given away: every group stands for at least `minClients` distinct clients. Groups of fewer are merged
 * upward, from the cell to the city, the region, the country and the world, and withheld if there are still too few. Client
 * addresses and users' hashes are not in it.
 */
export function withPrivacyFloor(cube: CubeParts, minClients: number): CubeParts {
  let parts = cube;
  for (const level of PLACE_LEVELS.slice(0, -1).toReversed()) {
    const small = smallGroups(parts, minClients);
    const places = new CubePlaces(parts.settings.resolution);
    const asTheyAre = places.rowsFrom(parts.places);
    const coarser = places.rowsFrom(parts.places, { level });
    const { segment } = parts;
    const place = segment.place.map((row, group) => (small[group] ? coarser[row]! : asTheyAre[row]!));
    const merged = aggregateGroups(segment, mergedOf(parts), {
      keys: { bucket: segment.bucket, place, codes: segment.codes },
      rows: range(segment.length),
      sizes: [bucketSpan(segment), places.length, ...parts.dimensions.map((d) => d.dictionary.size)],
      firstBucket: segment.firstBucket,
    });
    parts = { ...parts, places, segment: merged };
  }
  const small = smallGroups(parts, minClients);
  const kept = keepGroups(parts, (group) => small[group] === 0);
  const measures = new Set([...kept.settings.measures].filter((name) => name !== "clients" && name !== "users"));
  const settings = { ...kept.settings, measures };
  const anonymous = aggregateGroups(kept.segment, mergedOf({ settings, clients: kept.clients }), {
    keys: kept.segment,
    rows: range(kept.segment.length),
    sizes: [bucketSpan(kept.segment), kept.places.length, ...kept.dimensions.map((d) => d.dictionary.size)],
    firstBucket: kept.segment.firstBucket,
  });
  return {
    ...kept,
    clients: new ClientCodes(),
    settings,
    segment: anonymous,
  };
}

/** By group: 1 if fewer distinct clients than the floor stand behind it. */
function smallGroups({ segment, clients }: CubeParts, minClients: number): Uint8Array {
  const small = new Uint8Array(segment.length);
  const sketch = new DistinctSketch();
  for (let group = 0; group < small.length; group++) {
    sketch.clear();
    addClients(segment.clients, clients, group, sketch);
    if (sketch.count() < minClients) small[group] = 1;
  }
  return small;
}
