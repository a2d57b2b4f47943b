import { type Field, f32, f64, u8, u16, u32 } from "./columns/field.js";

/** What is said of a column of places, beside its type: saving, merging, Arrow, regrouping and pivot loop over it. */
export interface PlaceField extends Field {
  /**
   * The coarsest level at which a place still has the value. Default: whatever the level, as the time zone and the
   * coordinates of the record that stands for the place.
   */
  readonly level?: "country" | "region" | "city";
  /** Whether places that differ in it are two places of a cube; of the others, the closest record's value counts. */
  readonly isKey?: boolean;
  /** Whether `pivot` groups by it under its name, and the columns that tell values of one name apart ("Paris", "US"). */
  readonly isAttribute?: boolean;
  readonly within?: readonly string[];
  /** For what is no key: which column decides first which of two records stands for a place. Default: after all others. */
  readonly rank?: number;
  /** Whether cubes leave it out. */
  readonly isTableOnly?: boolean;
}

/**
 * The columns of a place, in the order in which files hold them. A new one is a line here; where the databases tell it,
 * their readers (`locate/`) write it.
 */
export const PLACE_COLUMNS = {
  country: { ...u16, dictionary: "countries", level: "country", isKey: true, isAttribute: true },
  region: { ...u32, dictionary: "regions", level: "region", isKey: true, isAttribute: true, within: ["country"] },
  regionCode: { ...u32, dictionary: "regionCodes", level: "region", rank: 5 },
  city: { ...u32, dictionary: "cities", level: "city", isKey: true, isAttribute: true, within: ["region", "country"] },
  timeZone: { ...u16, dictionary: "timeZones", rank: 4 },
  /** Degrees. */
  lat: { ...f64, rank: 2 },
  lon: { ...f64, rank: 3 },
  accuracyKm: { ...f32, rank: 1 },
  /** Codes of `PRECISIONS`. */
  precision: { ...u8, isTableOnly: true },
} as const satisfies Readonly<Record<string, PlaceField>>;
