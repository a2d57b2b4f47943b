import type { ClickHouseClient } from "@clickhouse/client";
import { Cube } from "../../cube/cube.js";
import { cubeSettings } from "../../cube/cubeOptions.js";
import { emptyParts } from "../../cube/cubeParts.js";
import { ClickhouseSession } from "../clickhouse/clickhouseClient.js";
import { type ClickhouseCubeOptions, windowed } from "../clickhouse/cubeRequest.js";
import { fetchGroups } from "../clickhouse/fetchGroups.js";
import { prepareQuery } from "../clickhouse/prepareQuery.js";
import { tableSql } from "../sql/tableName.js";
import { type ViewOptions, viewDdl, viewQueries, viewSelects } from "./viewDdl.js";

/** A table, what of it to count, and what keeps the cube of it. */
export interface ClickhouseViewOptions extends ClickhouseCubeOptions, ViewOptions {}

/**
 * Makes a cube that a cluster keeps up to date itself: rows that arrive in the table from now on are counted as they come.
 * Rows that are there already are counted by {@link fillClickhouseView}.
 */
export async function createClickhouseView(client: ClickHouseClient, options: ClickhouseViewOptions): Promise<void> {
  const session = new ClickhouseSession(client, options);
  const settings = cubeSettings(windowed(options));
  const { events, queries } = await prepareQuery(session, options, settings);
  for (const sql of viewDdl(events, queries, settings, options)) await session.command(sql);
}

/** The cube that a view keeps, equal to the cube of the rows that it has seen; give the options that made it. */
export async function clickhouseViewCube(client: ClickHouseClient, options: ClickhouseViewOptions): Promise<Cube> {
  const session = new ClickhouseSession(client, options);
  const settings = cubeSettings(windowed(options));
  const query = await prepareQuery(session, options, settings);
  const parts = emptyParts(settings);
  const cube = new Cube(parts);
  cube.addSummed(
    await fetchGroups(session, { ...query, queries: viewQueries(query.queries, settings, options.view) }, parts),
  );
  return cube;
}

const DAY_MS = 86_400_000;

/**
 * Counts the rows of whole days [from, to), UTC, into a view, as if they arrived now, day by day. Each day is summed beside
 * the view and takes the place of what the view had of it at once: so a fill that was ended half-way is begun again, and
 * counts nothing twice. Do not fill days of which rows still arrive.
 *
 * @param onDay - called with each day that is done
 */
export async function fillClickhouseView(
  client: ClickHouseClient,
  options: ClickhouseViewOptions & { readonly from: number | Date | string; readonly to: number | Date | string },
  onDay?: (day: string) => void,
): Promise<void> {
  const session = new ClickhouseSession(client, options);
  const settings = cubeSettings(windowed(options));
  const view = tableSql(options.view);
  const staging = `${view.slice(0, -1)}_filling\``;
  for (let fromMs = Math.floor(settings.fromMs / DAY_MS) * DAY_MS; fromMs < settings.toMs; fromMs += DAY_MS) {
    const day = { ...settings, fromMs, toMs: fromMs + DAY_MS };
    const { events, queries, params } = await prepareQuery(session, options, day);
    await session.command(`DROP TABLE IF EXISTS ${staging}`);
    await session.command(`CREATE TABLE ${staging} AS ${view}`);
    for (const [, select] of viewSelects(events, queries, day)) {
      const columns = `${queries.keys.join(", ")}, ${filled(select)}`;
      await session.command(`INSERT INTO ${staging} (${columns}) ${select}`, params);
    }
    const name = new Date(fromMs).toISOString().slice(0, 10);
    await session.command(`ALTER TABLE ${view} REPLACE PARTITION '${name}' FROM ${staging}`);
    onDay?.(name);
  }
  await session.command(`DROP TABLE IF EXISTS ${staging}`);
}

/** The columns that a SELECT of a view names behind the keys. */
function filled(select: string): string {
  const head = select.slice(0, select.indexOf("\nFROM ("));
  return [...head.matchAll(/ AS (\w+)(?=,|$)/g)].map(([, name]) => name).join(", ");
}
