/** Places that are to be found or added, as columns; see `PlaceTable.addCodes`. */
export class PlaceRows {
  readonly country: Uint32Array;
  readonly region: Uint32Array;
  readonly regionCode: Uint32Array;
  readonly city: Uint32Array;
  readonly timeZone: Uint32Array;
  readonly lat: Float64Array;
  readonly lon: Float64Array;
  readonly accuracyKm: Float32Array;
  readonly precision: Uint8Array;
  /** For {@link PlaceIndex}: the slot in which each place is looked for first. */
  readonly homes: Uint32Array;

  constructor(length: number) {
    this.country = new Uint32Array(length);
    this.region = new Uint32Array(length);
    this.regionCode = new Uint32Array(length);
    this.city = new Uint32Array(length);
    this.timeZone = new Uint32Array(length);
    this.lat = new Float64Array(length);
    this.lon = new Float64Array(length);
    this.accuracyKm = new Float32Array(length);
    this.precision = new Uint8Array(length);
    this.homes = new Uint32Array(length);
  }

  /** Whether a row says nothing: it is no place. */
  isEmpty(row: number): boolean {
    return this.country[row] === 0 && this.region[row] === 0 && this.city[row] === 0 && Number.isNaN(this.lat[row]!);
  }
}
