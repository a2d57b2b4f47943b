/**
 * What the licence of a free database asks to be shown beside its data; empty where nothing is known to be asked.
 *
 * @param description - what the database says of itself
 */
export function attributionOf(description: string, path: string): string {
  const told = `${description} ${path.replaceAll("\\", "/").split("/").slice(-3).join("/")}`;
  if (/db-?ip/i.test(told)) return "IP Geolocation by DB-IP (https://db-ip.com), CC BY 4.0";
  if (/geolite/i.test(told)) return "This product includes GeoLite2 data created by MaxMind (https://www.maxmind.com)";
  if (/ipinfo/i.test(told)) return "IP address data powered by IPinfo (https://ipinfo.io), CC BY-SA 4.0";
  return "";
}
