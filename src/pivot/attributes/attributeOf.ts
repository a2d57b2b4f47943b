import type { Cube } from "../../cube/cube.js";
import { pivotError } from "../errors.js";
import type { Attribute } from "./attribute.js";
import type { LocalTime } from "./localTime.js";
import { isPlaceAttribute, type PlaceDimension, placeAttribute, placeAttributes } from "./placeAttribute.js";
import { isTimeAttribute, TIME_ATTRIBUTES, timeAttribute } from "./timeAttribute.js";

/** The attribute of a name. Throws `no-such-dimension`. */
export function attributeOf(cube: Cube, wanted: string | PlaceDimension, localTime: LocalTime | null): Attribute {
  if (typeof wanted !== "string") return placeAttribute(cube, wanted);
  const own = cube.dimensions.findIndex(({ name }) => name === wanted);
  if (own >= 0) {
    const labels = cube.dimensions[own]!.dictionary.values;
    return { name: wanted, labels, of: "group", codes: cube.groups.codes[own]!, sorted: "value" };
  }
  if (isPlaceAttribute(wanted, cube.places.fields)) return placeAttribute(cube, wanted);
  if (isTimeAttribute(wanted)) return timeAttribute(cube, wanted, localTime);
  const known = [
    ...cube.dimensions.map(({ name }) => name),
    ...placeAttributes(cube.places.fields),
    ...TIME_ATTRIBUTES,
  ];
  throw pivotError("no-such-dimension", { dimension: wanted, known });
}
