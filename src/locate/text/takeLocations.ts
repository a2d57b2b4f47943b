import { databaseKind } from "../sources/databaseKind.js";
import { forEachRow } from "./forEachRow.js";
import { type Locations, namesLocations, readLocations } from "./locations.js";

/** Reads the `Locations` files among databases, which are none themselves. Throws `unreadable-database`. */
export async function takeLocations(
  databases: readonly string[],
  signal?: AbortSignal,
): Promise<{ readonly paths: readonly string[]; readonly locations: Locations | undefined }> {
  const paths: string[] = [];
  let locations: Map<string, import("./locations.js").Location> | undefined;
  for (const path of databases) {
    if ((await databaseKind(path)) !== "text" || !(await isLocations(path, signal))) paths.push(path);
    else locations = new Map([...(await readLocations(path, signal)), ...(locations ?? [])]);
  }
  return { paths, locations };
}

async function isLocations(path: string, signal: AbortSignal | undefined): Promise<boolean> {
  const enough = new Error("enough");
  let first = "";
  try {
    await forEachRow(
      path,
      ",",
      (row) => {
        first = row;
        throw enough;
      },
      signal,
    );
  } catch (error) {
    if (!(error instanceof Error && (error === enough || error.cause === enough))) throw error;
  }
  return namesLocations(first);
}
