import { Random } from "../../../src/core/random.js";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../src/core/time.js";
import { place, type Request } from "./eventsOf.js";
import { berlin, START, tokyo, visit } from "./quietWorld.js";

export const AT = START + 3 * DAY_MS + 6 * HOUR_MS;

/** How a path of log-ins answers. */
export interface LoginStyle {
  readonly path: string;
  readonly ok: number;
  readonly failed: number;
  readonly okBytes?: number;
  readonly failedBytes?: number;
}
export const JSON_API: LoginStyle = { path: "/login", ok: 200, failed: 401 };

/** A log-in by a style. */
export function login(style: LoginStyle, at: number, user: string, ip: string, where: Request["place"], ok: boolean) {
  const bytes = ok ? style.okBytes : style.failedBytes;
  const status = ok ? style.ok : style.failed;
  return visit(at, user, ip, where, {
    path: style.path,
    method: "POST",
    service: "auth",
    status,
    ...(bytes === undefined ? {} : { bytes }),
  });
}

/** Days of 400 people who log in about twice a day and see pages; one in twelve mistypes and tries again at once. */
export function peopleWhoLogIn(seed: number, days: number, style: LoginStyle): Request[] {
  const random = new Random(seed);
  const requests: Request[] = [];
  for (let at = START; at < START + days * DAY_MS; at += 60_000 + random.int(90_000)) {
    const u = random.int(400);
    const [user, ip, where] = [`u${u}`, `20.0.${u >> 8}.${u & 255}`, u < 300 ? berlin : tokyo] as const;
    if (random.next() < 1 / 12) requests.push(login(style, at - 20_000 - random.int(20_000), user, ip, where, false));
    requests.push(login(style, at, user, ip, where, true));
    for (let k = 1; k < 4; k++) requests.push(visit(at + k * 20_000, user, ip, where));
  }
  return requests;
}

const CODES = [
  "VN",
  "NG",
  "US",
  "BR",
  "UA",
  "ID",
  "TR",
  "MX",
  "IN",
  "ZA",
  "EG",
  "PL",
  "RO",
  "TH",
  "PH",
  "CO",
  "AR",
  "PK",
];
export const FAR_PLACES = CODES.map((code, k) => place(code, `City of ${code}`, -40 + 4.5 * k, -150 + 17 * k, 25));

/** Failed log-ins out of `addresses` addresses in `countries` countries over `minutes`. */
export function spray(
  style: LoginStyle,
  plan: { from: number; minutes: number; tries: number; addresses: number; countries: number; seed?: number },
): Request[] {
  const random = new Random(plan.seed ?? 9);
  return [...Array(plan.tries).keys()].map(() => {
    const a = random.int(plan.addresses);
    const where = FAR_PLACES[a % plan.countries]!;
    const at = plan.from + Math.floor(random.next() * plan.minutes * MINUTE_MS);
    return login(style, at, `u${random.int(400)}`, `77.${a >> 8}.${a & 255}.9`, where, false);
  });
}
