import { databaseKind } from "../sources/databaseKind.js";
import { forEachRow } from "./forEachRow.js";
import { type Location, type Locations, namesLocations, readLocations } from "./locations.js";

/** Reads the `Locations` files among databases, which are none themselves. Throws `unreadable-database`. */
export async function takeLocations(
  databases: readonly string[],
  signal?: AbortSignal,
): Promise<{ readonly paths: readonly string[]; readonly locations: Locations | undefined }> {
  const paths: string[] = [];
  let locations: Map<string, Location> | undefined;
  for (const path of databases) {
    if ((await databaseKind(path)) !== "text" || !(await isLocations(path, signal))) paths.push(path);
    else locations = new Map([...(await readLocations(path, signal)), ...(locations ?? [])]);
  }
  return { paths, locations };
}

async function isLocations(path: string, signal: AbortSignal | undefined): Promise<boolean> {
  let first = "";
  const take = (row: string): boolean => {
    first = row;
    return false;
  };
  await forEachRow(path, ",", take, signal);
  return namesLocations(first);
}
