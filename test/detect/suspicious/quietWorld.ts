import { Random } from "../../../src/core/random.js";
import { DAY_MS } from "../../../src/core/time.js";
import { place, type Request } from "./eventsOf.js";

export const START = Date.UTC(2026, 2, 2);
export const berlin = place("DE", "Berlin", 52.52, 13.405, 25);
export const potsdam = place("DE", "Potsdam", 52.39, 13.06, 25);
export const tokyo = place("JP", "Tokyo", 35.69, 139.69, 25);
export const hanoi = place("VN", "Hanoi", 21.03, 105.85, 25);
export const newYork = place("US", "New York", 40.71, -74.01, 25);
export const lagos = place("NG", "Lagos", 6.52, 3.38, 25);

/** Days of 300 people in Berlin and 100 in Tokyo, each with an address of their own; some mistype their password. */
export function quietDays(seed: number, days = 4): Request[] {
  const random = new Random(seed);
  const requests: Request[] = [];
  for (let at = START; at < START + days * DAY_MS; at += 15_000 + random.int(10_000)) {
    const u = random.int(400);
    const login = random.next() < 0.05;
    requests.push({
      at,
      user: random.next() < 0.7 || login ? `u${u}` : "",
      ip: `20.0.${u >> 8}.${u & 255}`,
      place: u < 300 ? berlin : tokyo,
      path: login ? "/login" : random.pick(["/", "/docs", "/app"]),
      method: login ? "POST" : "GET",
      service: login ? "auth" : "web",
      status: login && random.next() < 0.08 ? 401 : 200,
    });
  }
  return requests;
}

export const inOrder = (requests: readonly Request[]): Request[] => [...requests].sort((a, b) => a.at - b.at);

export const isGrave = (finding: { severity: string }): boolean =>
  ["critical", "high", "medium"].includes(finding.severity);

/** A page seen by a user. */
export const visit = (
  at: number,
  user: string,
  ip: string,
  where: Request["place"],
  more: Partial<Request> = {},
): Request => ({
  at,
  user,
  ip,
  ...(where === undefined ? {} : { place: where }),
  path: "/app",
  method: "GET",
  service: "web",
  status: 200,
  ...more,
});
