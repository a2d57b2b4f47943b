import { Random } from "../../../src/core/random.js";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../src/core/time.js";
import { place, type Request } from "./eventsOf.js";
import { AT, FAR_PLACES } from "./loginWorlds.js";
import { berlin, lagos, newYork, START, tokyo, visit } from "./quietWorld.js";

const munich = place("DE", "Munich", 48.14, 11.58, 25);
const madrid = place("ES", "Madrid", 40.42, -3.7, 25);

/** Readers everywhere whose requests carry a name that is nobody's. */
export function readersNamed(name: string, days: number): Request[] {
  const random = new Random(21);
  const requests: Request[] = [];
  for (let at = START; at < START + days * DAY_MS; at += 60_000 + random.int(120_000)) {
    const k = random.int(900);
    requests.push(visit(at, name, `61.${k >> 8}.${k & 255}.1`, FAR_PLACES[k % FAR_PLACES.length]));
  }
  return requests;
}

/** A synthetic user that logs in from three cities every five minutes, from the first hour on. */
export const syntheticUser = (days: number): Request[] =>
  [...Array(days * 288).keys()].flatMap((k) =>
    [berlin, newYork, tokyo].map((where, i) =>
      visit(START + k * 5 * MINUTE_MS + i * 20_000, "synthetic", `62.0.0.${i}`, where),
    ),
  );

/** Thirty people at home, each with an address; a new database puts half of their network into Madrid. */
export function relocatedHomes(days: number): Request[] {
  const random = new Random(22);
  const requests: Request[] = [];
  for (let at = START; at < START + days * DAY_MS; at += 2 * MINUTE_MS) {
    const k = random.int(30);
    const moved = at >= AT && k < 15;
    requests.push(visit(at, `home${k}`, `63.0.0.${k}`, moved ? madrid : munich));
  }
  return requests;
}

/** Six monitors that check one page every 20 seconds and see nothing but failures for an hour; four other clients. */
export function monitors(days: number, agent: string | undefined): Request[] {
  const requests: Request[] = [];
  for (let at = START; at < START + days * DAY_MS; at += 20_000) {
    const down = at >= AT && at < AT + HOUR_MS;
    for (let k = 0; k < 6; k++)
      requests.push({
        at: at + 700 * k,
        ip: `64.0.0.${k}`,
        place: k % 2 === 0 ? lagos : newYork,
        path: "/health",
        method: "GET",
        status: down ? 503 : 200,
        ...(agent === undefined ? {} : { user_agent: agent }),
      });
  }
  return requests;
}
