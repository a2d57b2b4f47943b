import { NetworkTable } from "../../core/networks.js";
import { PlaceTable, PRECISIONS } from "../../core/places.js";
import { IDS_A_QUERY, networksQuery, placesQuery } from "../sql/placesQuery.js";
import type { ClickhouseSession } from "./clickhouseClient.js";

interface PlaceRow {
  readonly id: number;
  readonly country: string;
  readonly region: string;
  readonly region_code: string;
  readonly city: string;
  readonly time_zone: string;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly accuracy_km: number | null;
  readonly precision: number;
}

interface NetworkRow {
  readonly id: number;
  readonly asn: number;
  readonly organization: string;
  readonly name: string;
  readonly reserved: string;
  readonly tags: readonly string[];
}

/** The places and networks that a cluster knows by its ids, as far as they were asked for. */
export class ClusterRecords {
  readonly places = new PlaceTable();
  readonly networks = new NetworkTable();
  readonly #session: ClickhouseSession;
  readonly #database: string;
  /** Rows of the tables here by the cluster's ids. */
  readonly #placeRows = new Map<number, number>([[0, 0]]);
  readonly #networkRows = new Map<number, number>([[0, 0]]);

  constructor(session: ClickhouseSession, database: string) {
    this.#session = session;
    this.#database = database;
  }

  /** Asks for places that are not known yet; ids that the cluster lacks too are unlocated. */
  async fetchPlaces(ids: Iterable<number>): Promise<void> {
    const rows = await this.#fetch<PlaceRow>(ids, this.#placeRows, placesQuery);
    for (const row of rows) {
      const { country, region, city, lat, lon, accuracy_km: accuracyKm } = row;
      const numbers = { lat: lat ?? Number.NaN, lon: lon ?? Number.NaN, accuracyKm: accuracyKm ?? Number.NaN };
      const texts = { country, region, regionCode: row.region_code, city, timeZone: row.time_zone };
      const precision = PRECISIONS[row.precision] ?? "none";
      this.#placeRows.set(row.id, this.places.add({ ...texts, ...numbers, precision }));
    }
  }

  async fetchNetworks(ids: Iterable<number>): Promise<void> {
    const rows = await this.#fetch<NetworkRow>(ids, this.#networkRows, networksQuery);
    for (const { id, ...network } of rows) this.#networkRows.set(id, this.networks.add(network));
  }

  /** The row of {@link places} for an id of the cluster. */
  placeRow(id: number): number {
    return this.#placeRows.get(id) ?? 0;
  }

  networkRow(id: number): number {
    return this.#networkRows.get(id) ?? 0;
  }

  async #fetch<T>(
    ids: Iterable<number>,
    known: ReadonlyMap<number, number>,
    query: (database: string, ids: readonly number[]) => string,
  ): Promise<T[]> {
    const unknown = [...new Set(ids)].filter((id) => !known.has(id)).sort((a, b) => a - b);
    const rows: T[] = [];
    for (let at = 0; at < unknown.length; at += IDS_A_QUERY) {
      const sql = query(this.#database, unknown.slice(at, at + IDS_A_QUERY));
      rows.push(...(await this.#session.rows<T>({ sql, params: {} })));
    }
    return rows;
  }
}
