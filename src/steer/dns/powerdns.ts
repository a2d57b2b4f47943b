import { addressesOf, checkSteering, type SteeringTable } from "./steeringTable.js";

/**
 * LUA records of PowerDNS (4.2 or newer, `enable-lua-records`), in a zone file: networks first, then the country and
 * subdivision that PowerDNS's own geoip database gives a client (EDNS client subnet respected), else the fallback.
 *
 * Throws what `checkSteering` throws, and `no-dns-address`.
 */
export function powerdnsRecords(input: SteeringTable): string {
  const table = checkSteering(input);
  const name = `${table.hostname}.`;
  const lines = ([4, 6] as const).flatMap((family) => {
    if (!table.servers.some((server) => addressesOf(table, server.name, family).length > 0)) return [];
    const record = `${name} ${table.ttlSeconds} IN LUA ${family === 4 ? "A" : "AAAA"}`;
    return [`${record} ${zoneText(script(table, family))}`];
  });
  return `${lines.join("\n")}\n`;
}

/** Strings in Lua are in single quotes and hold nothing but what `checkSteering` let through. */
function script(table: SteeringTable, family: 4 | 6): string {
  const answer = (servers: readonly string[]): string | null => {
    const best = servers.find((server) => addressesOf(table, server, family).length > 0);
    return best === undefined
      ? null
      : `{${addressesOf(table, best, family)
          .map((a) => `'${a}'`)
          .join(", ")}}`;
  };
  const entries = (keys: readonly (readonly [key: string, servers: readonly string[]])[]): string =>
    keys.flatMap(([key, servers]) => (answer(servers) === null ? [] : `['${key}']=${answer(servers)}`)).join(", ");
  const networks = table.networks.flatMap(({ cidr, servers }) =>
    answer(servers) === null ? [] : `if netmask({'${cidr}'}) then return ${answer(servers)} end`,
  );
  const fallback = answer([...table.fallback, ...table.servers.map((server) => server.name)]);
  const parts = entries(table.subdivisions.map((s) => [`${s.country}-${s.subdivision}`, s.servers]));
  return [
    ";",
    ...networks,
    `local s={${parts}}`,
    `local c={${entries(table.countries.map((one) => [one.country, one.servers]))}}`,
    "local cc=string.upper(tostring(countryCode()))",
    `return ${parts === "" ? "" : "s[cc..'-'..string.upper(tostring(regionCode()))] or "}c[cc] or ${fallback}`,
  ].join(" ");
}

/** A character string of a zone file has 255 bytes at most; PowerDNS joins them with a space, so they end at one. */
function zoneText(text: string): string {
  const chunks: string[] = [];
  for (const word of text.split(" ")) {
    const last = chunks[chunks.length - 1];
    if (last !== undefined && last.length + word.length < 250) chunks[chunks.length - 1] = `${last} ${word}`;
    else chunks.push(word);
  }
  return chunks.map((chunk) => `"${chunk}"`).join(" ");
}
