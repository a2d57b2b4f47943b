import { having, list } from "../core/options/shapes.js";
import { steerError } from "./errors.js";
import type { Server } from "./server.js";

/** Servers of a catalogue; what is wrong with each is told by {@link checkServers}. */
export const SERVER_LIST = list(having("a server: { name, lat, lon }"), "servers: { name, lat, lon }");

/** Throws `bad-servers`, with all that is wrong, unless every server has a name of its own and a place on Earth. */
export function checkServers(servers: readonly Server[]): void {
  const problems = servers.length === 0 ? ["there are none"] : [];
  const seen = new Set<string>();
  servers.forEach(({ name, lat, lon }, i) => {
    const label = name === "" || typeof name !== "string" ? `server ${i + 1}` : JSON.stringify(name);
    if (label.startsWith("server")) problems.push(`${label} has no name`);
    else if (seen.has(name)) problems.push(`the name ${label} occurs twice`);
    if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 360))
      problems.push(`${label} has no latitude and longitude in degrees (${lat}, ${lon})`);
    seen.add(name);
  });
  if (problems.length > 0) throw steerError("bad-servers", { problems });
}
