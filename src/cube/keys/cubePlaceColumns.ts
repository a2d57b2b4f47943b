import { COLUMN_KINDS, type Fields, u32 } from "../../core/columns/field.js";
import { PLACE_COLUMNS, type PlaceField } from "../../core/placeColumns.js";

/** The columns of a cube's places: those of a place, with room for more names, and the H3 cell. */
export const CUBE_PLACE_COLUMNS = {
  ...cubeFields(PLACE_COLUMNS),
  /** Halves of the H3 cell at the cube's resolution; both 0 where the coordinates are unknown. */
  cellLow: { ...u32, isKey: true },
  cellHigh: { ...u32, isKey: true },
} as const satisfies Readonly<Record<string, PlaceField>>;

/** Columns of a table of places as a cube has them. */
type CubeFields<F extends Fields> = {
  readonly [K in keyof F as F[K] extends { readonly isTableOnly: true } ? never : K]: F[K] extends {
    readonly dictionary: string;
  }
    ? Omit<F[K], "type"> & typeof u32
    : F[K];
};

function cubeFields<F extends Readonly<Record<string, PlaceField>>>(fields: F): CubeFields<F> {
  const kept = Object.entries(fields).filter(([, field]) => field.isTableOnly !== true);
  return Object.fromEntries(kept.map(([name, field]) => [name, cubeField(field)])) as CubeFields<F>;
}

/** A column as a cube has it: a cube of many tables may have more names than each of them. */
export function cubeField(field: PlaceField): PlaceField {
  return field.dictionary === undefined ? field : { ...field, type: "u32" };
}

/** The columns of places that a cube has beside those of every cube. */
export function ownPlaceColumns(places: { readonly fields: ReadonlyMap<string, PlaceField> }): [string, PlaceField][] {
  return [...places.fields].filter(([name]) => !(name in CUBE_PLACE_COLUMNS));
}

/** What is said of own columns in a file, where JSON has null for NaN. Throws a plain Error where that makes no sense. */
export function checkedPlaceColumns(said: unknown): Readonly<Record<string, PlaceField>> {
  const columns = Object.entries((said ?? {}) as Readonly<Record<string, PlaceField>>);
  return Object.fromEntries(columns.map(([name, field]) => [name, checked(name, field)]));
}

function checked(name: string, field: PlaceField): PlaceField {
  const unknown: unknown = field.unknown ?? Number.NaN;
  const isText = (value: unknown): boolean => value === undefined || typeof value === "string";
  const isRight = Object.hasOwn(COLUMN_KINDS, field.type) && typeof unknown === "number" && isText(field.dictionary);
  if (!isRight) throw new Error(`its column ${name} of places is of no known type`);
  return cubeField({ ...field, unknown });
}
