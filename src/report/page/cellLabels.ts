import type { Cube } from "../../cube/cube.js";
import { countryName } from "../../grid/countries.js";

/** What cells are called. */
export interface CellLabels {
  /** The place in the cell that most requests came from: "Frankfurt am Main, Germany". */
  readonly label: readonly string[];
  /** How many other places the cell holds. */
  readonly otherPlaces: Uint32Array;
}

/**
 * Names each cell after its busiest place.
 *
 * @param ofPlace - the cell of each of the cube's places, in [0, cellCount); of places without coordinates, anything
 */
export function cellLabels(cube: Cube, ofPlace: Uint32Array, cellCount: number): CellLabels {
  const { places, groups } = cube;
  const requests = new Float64Array(places.length);
  groups.place.forEach((place, group) => {
    if (places.cellHigh[place] !== 0) requests[place]! += groups.count[group]!;
  });
  const busiest = new Int32Array(cellCount).fill(-1);
  const otherPlaces = new Uint32Array(cellCount);
  for (let place = 0; place < places.length; place++) {
    if (requests[place] === 0) continue;
    const best = busiest[ofPlace[place]!]!;
    if (best >= 0) otherPlaces[ofPlace[place]!]!++;
    if (best < 0 || requests[place]! > requests[best]!) busiest[ofPlace[place]!] = place;
  }
  return { label: Array.from(busiest, (place) => placeLabel(cube, place)), otherPlaces };
}

function placeLabel({ places }: Cube, place: number): string {
  const city = places.cities.value(places.city[place]!);
  const region = places.regions.value(places.region[place]!);
  const country = countryName(places.countries.value(places.country[place]!));
  return [city || region, country].filter((part) => part !== "").join(", ");
}
