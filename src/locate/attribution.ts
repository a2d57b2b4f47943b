import type { MmdbFile } from "./mmdb/openMmdb.js";

/** What the licences of free databases ask to be shown beside their data; empty where nothing is known to be asked. */
export function attributionOf({
  databaseType,
  description,
  path,
}: Pick<MmdbFile, "databaseType" | "description" | "path">): string {
  const told = `${databaseType} ${description} ${path.replaceAll("\\", "/").split("/").slice(-3).join("/")}`;
  if (/db-?ip/i.test(told)) return "IP Geolocation by DB-IP (https://db-ip.com), CC BY 4.0";
  if (/geolite2?/i.test(told))
    return "This product includes GeoLite2 data created by MaxMind, available from https://www.maxmind.com";
  if (/ipinfo/i.test(told)) return "IP address data powered by IPinfo (https://ipinfo.io), CC BY-SA 4.0";
  return "";
}
