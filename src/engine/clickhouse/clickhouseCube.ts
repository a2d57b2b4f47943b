import type { ClickHouseClient } from "@clickhouse/client";
import { Cube } from "../../cube/cube.js";
import { cubeSettings } from "../../cube/cubeOptions.js";
import { emptyParts } from "../../cube/cubeParts.js";
import { installLocations } from "../locations/installLocations.js";
import { ClickhouseSession } from "./clickhouseClient.js";
import { type ClickhouseCubeOptions, windowed } from "./cubeRequest.js";
import { fetchGroups } from "./fetchGroups.js";
import { prepareQuery } from "./prepareQuery.js";

/**
 * The cube of the rows of a table, computed by ClickHouse: what `Cube.from` gives for the same rows read as a log, in every
 * count, register and bin. Reading rights suffice where the dictionaries are there.
 *
 * @throws `no-such-table`, `no-such-column`, `no-time-column`, `no-place-column`, `column-type`, `no-locations`,
 *   `bad-engine-option`, `bad-cube-option`, `bad-filter`; what the server says as `engine-refused`, `engine-timeout`,
 *   `engine-memory`, `engine-cancelled`, `engine-denied`, `engine-unreachable`; and the signal's reason
 *
 * @example
 * ```ts
 * const cube = await clickhouseCube(client, { table: "web.logs", from: "2026-03-02", to: "2026-03-09", dimensions: ["service"] });
 * const findings = detect(cube);
 * ```
 */
export async function clickhouseCube(client: ClickHouseClient, options: ClickhouseCubeOptions): Promise<Cube> {
  const { locator, locations } = options;
  const session = new ClickhouseSession(client, options);
  const settings = cubeSettings(windowed(options));
  if (locator !== undefined)
    await installLocations(client, locator, { ...options, ...(locations !== undefined && { database: locations }) });
  const query = await prepareQuery(session, options, settings);
  const parts = emptyParts(settings);
  const summed = await fetchGroups(session, query, parts);
  const cube = new Cube(parts);
  cube.addSummed(summed);
  return cube;
}
