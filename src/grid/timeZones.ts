/**
 * The IANA time zone of a place, from its country and coordinates: the country's only one, or, in countries with several
 * clocks, that of the nearest of some towns (borders between zones are not known, so near them it may be the other one).
 * null where the country or its zones are not known.
 */
export function timeZoneOf(country: string, lat: number, lon: number): string | null {
  const towns = TOWNS[country.toUpperCase()];
  if (towns === undefined) return onlyZone(country);
  let [best, nearest] = [null as string | null, Number.POSITIVE_INFINITY];
  for (const [zone, ...points] of towns)
    for (let i = 0; i < points.length; i += 2) {
      const across = Math.cos((lat * Math.PI) / 180) * (((lon - points[i + 1]! + 540) % 360) - 180);
      const distance = Math.hypot(lat - points[i]!, across);
      if (distance < nearest) [best, nearest] = [zone, distance];
    }
  return best;
}

/** The runtime knows which zones a country has; where it has several, they keep the same clock. */
function onlyZone(country: string): string | null {
  if (!/^[a-z]{2}$/i.test(country)) return null;
  const locale = new Intl.Locale(`und-${country}`) as Intl.Locale & {
    readonly timeZones?: readonly string[];
    getTimeZones?(): readonly string[] | undefined;
  };
  return (locale.getTimeZones?.() ?? locale.timeZones)?.[0] ?? null;
}

/** A zone and the latitudes and longitudes of towns in it. */
type ZoneTowns = readonly [zone: string, ...degrees: number[]];

/** Countries whose clocks differ, after tzdata's `zone.tab` (public domain), with more of the large towns. */
const TOWNS: Readonly<Record<string, readonly ZoneTowns[]>> = {
  AU: [
    ["Australia/Sydney", -34, 151, -38, 145, -35, 149, -31, 151],
    ["Australia/Hobart", -43, 147],
    ["Australia/Brisbane", -27, 153, -20, 147, -17, 146, -24, 151],
    ["Australia/Adelaide", -35, 139, -32, 138],
    ["Australia/Darwin", -12, 131, -24, 134],
    ["Australia/Perth", -32, 116, -21, 118, -31, 121],
  ],
  BR: [
    ["America/Sao_Paulo", -24, -47, -20, -44, -30, -51, -16, -48, -13, -39, -8, -35, -4, -39, -1, -48],
    ["America/Cuiaba", -16, -56, -20, -55],
    ["America/Manaus", -3, -60, -9, -64, 3, -61],
    ["America/Rio_Branco", -10, -68],
    ["America/Noronha", -4, -32],
  ],
  CA: [
    ["America/St_Johns", 48, -53],
    ["America/Halifax", 45, -64, 46, -65, 53, -60],
    ["America/Toronto", 44, -79, 45, -74, 47, -71, 48, -89, 46, -81],
    ["America/Winnipeg", 50, -97, 50, -94],
    ["America/Regina", 50, -105, 52, -107],
    ["America/Edmonton", 54, -113, 51, -114, 50, -111],
    ["America/Whitehorse", 61, -135],
    ["America/Vancouver", 49, -123, 54, -123, 50, -119],
  ],
  CD: [
    ["Africa/Kinshasa", -4, 15, 0, 18],
    ["Africa/Lubumbashi", -12, 27, 1, 25, -2, 29],
  ],
  CL: [
    ["America/Santiago", -33, -71, -24, -70, -41, -73],
    ["America/Punta_Arenas", -53, -71],
    ["Pacific/Easter", -27, -109],
  ],
  CN: [["Asia/Shanghai", 31, 121]],
  EC: [
    ["America/Guayaquil", -2, -80],
    ["Pacific/Galapagos", -1, -90],
  ],
  ES: [
    ["Europe/Madrid", 40, -4],
    ["Atlantic/Canary", 28, -15],
  ],
  GL: [
    ["America/Nuuk", 64, -52, 70, -22],
    ["America/Thule", 77, -69],
  ],
  ID: [
    ["Asia/Jakarta", -6, 107, 0, 109, 4, 98],
    ["Asia/Makassar", -5, 119, -8, 115, -1, 117],
    ["Asia/Jayapura", -3, 141, -4, 128],
  ],
  MN: [
    ["Asia/Ulaanbaatar", 48, 107],
    ["Asia/Hovd", 48, 92],
  ],
  MX: [
    ["America/Mexico_City", 19, -99, 21, -103, 26, -100, 29, -106, 21, -90],
    ["America/Cancun", 21, -87],
    ["America/Mazatlan", 23, -106, 24, -110],
    ["America/Hermosillo", 29, -111],
    ["America/Tijuana", 33, -117],
  ],
  NZ: [["Pacific/Auckland", -37, 175]],
  PF: [["Pacific/Tahiti", -18, -150]],
  PG: [["Pacific/Port_Moresby", -9, 147]],
  PT: [
    ["Europe/Lisbon", 39, -9, 33, -17],
    ["Atlantic/Azores", 38, -26],
  ],
  RU: [
    ["Europe/Kaliningrad", 55, 21],
    ["Europe/Moscow", 56, 38, 60, 30, 47, 40, 45, 39, 56, 44, 56, 49, 49, 44, 69, 33],
    ["Europe/Samara", 53, 50, 57, 53],
    ["Asia/Yekaterinburg", 57, 61, 55, 61, 55, 56, 58, 56],
    ["Asia/Omsk", 55, 73],
    ["Asia/Novosibirsk", 55, 83, 57, 85, 53, 84, 54, 87, 56, 93],
    ["Asia/Irkutsk", 52, 104, 52, 108],
    ["Asia/Yakutsk", 62, 130, 52, 113],
    ["Asia/Vladivostok", 43, 132, 48, 135],
    ["Asia/Magadan", 60, 151, 47, 143],
    ["Asia/Kamchatka", 53, 159, 65, 177],
  ],
  UA: [["Europe/Kyiv", 50, 31]],
  US: [
    [
      "America/New_York",
      41,
      -74,
      42,
      -71,
      39,
      -77,
      36,
      -79,
      34,
      -84,
      28,
      -82,
      26,
      -80,
      42,
      -83,
      40,
      -83,
      40,
      -86,
      38,
      -86,
    ],
    [
      "America/Chicago",
      42,
      -88,
      45,
      -93,
      39,
      -95,
      36,
      -87,
      35,
      -90,
      30,
      -90,
      30,
      -95,
      33,
      -97,
      41,
      -96,
      35,
      -97,
      34,
      -87,
    ],
    ["America/Denver", 40, -105, 41, -112, 44, -116, 35, -107, 46, -109, 32, -106],
    ["America/Phoenix", 33, -112, 32, -111],
    ["America/Los_Angeles", 34, -118, 37, -122, 46, -123, 48, -122, 36, -115, 33, -117, 48, -117],
    ["America/Anchorage", 61, -150, 58, -134, 65, -148],
    ["Pacific/Honolulu", 21, -158],
  ],
};
