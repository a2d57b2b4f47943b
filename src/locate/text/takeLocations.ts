import { databaseKind } from "../sources/databaseKind.js";
import { isLocations, type Location, type Locations, readLocations } from "./locations.js";

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
