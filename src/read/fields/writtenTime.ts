/** A clock, with or without seconds, fraction, AM or PM, and what may tell its offset. */
const CLOCK = String.raw`(\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?)\s*([AP]M)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d(?:\s*\([A-Z]{2,5}\))?)?`;
const MONTH = String.raw`(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?`;
const WEEKDAY = String.raw`(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?`;
const BETWEEN = String.raw`(?:,?\s+(?:@\s+|at\s+)?|[:T])`;

/** Forms of days with a month by name, whose order nobody mistakes; groups: `year month day clock meridiem zone`. */
const FORMS: readonly { readonly form: RegExp; readonly groups: readonly number[] }[] = [
  // RFC 2822 and spreadsheets: `Tue, 02 Jan 2024 03:04:05 +0100`, `2-Jan-2024 3:04`.
  {
    form: RegExp(`^${WEEKDAY}(\\d{1,2})[ /-]${MONTH}[ /-](\\d{4})${BETWEEN}${CLOCK}$`, "i"),
    groups: [3, 2, 1, 4, 5, 6],
  },
  // Kibana and en-US: `Jan 2, 2024 @ 03:04:05.123`, `January 2, 2024 at 3:04 PM`.
  {
    form: RegExp(`^${WEEKDAY}${MONTH}\\s+(\\d{1,2}),?\\s+(\\d{4})${BETWEEN}${CLOCK}$`, "i"),
    groups: [3, 1, 2, 4, 5, 6],
  },
  // ctime: `Tue Jan  2 03:04:05 2024`, `Tue Jan  2 03:04:05 UTC 2024`.
  {
    form: RegExp(
      `^${WEEKDAY}${MONTH}\\s+(\\d{1,2})\\s+(\\d{1,2}:\\d\\d:\\d\\d(?:\\.\\d+)?)()\\s+(?:(UTC|GMT|[+-]\\d\\d:?\\d\\d)\\s+)?(\\d{4})$`,
      "i",
    ),
    groups: [6, 1, 2, 3, 4, 5],
  },
  // Go: `2024-01-02 03:04:05.123 +0100 CET m=+0.1`.
  {
    form: /^(\d{4})-(\d\d)-(\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)() ([+-]\d{4}) [A-Z+\d-]{1,5}(?: m=\S+)?$/,
    groups: [1, 2, 3, 4, 5, 6],
  },
  // Gin: `2024/01/02 - 03:04:05`.
  { form: /^(\d{4})\/(\d\d)\/(\d\d) - (\d\d:\d\d:\d\d)()()$/, groups: [1, 2, 3, 4, 5, 6] },
  // ISO 8601 without dashes: `20240102T030405Z`, `20240102030405`.
  {
    form: /^((?:19|20)\d\d)(\d\d)(\d\d)T?(\d{6}(?:[.,]\d+)?)()(Z|[+-]\d\d:?\d\d)?$/,
    groups: [1, 2, 3, 4, 5, 6],
  },
];
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MAX_BYTES = 64;

/**
 * The time in bytes[start, end) as ISO 8601, if it is written in a way that people and older tools use and that can be read
 * in one way alone; undefined if it is not.
 */
export function writtenTime(bytes: Uint8Array, start: number, end: number): string | undefined {
  if (end - start > MAX_BYTES || end - start < 14) return undefined;
  const text = String.fromCharCode(...bytes.subarray(start, end)).trim();
  for (const { form, groups } of FORMS) {
    const match = form.exec(text);
    if (match === null) continue;
    const [year, month, day, clock, meridiem = "", zone = ""] = groups.map((group) => match[group] ?? "");
    const time = clockOf(clock!, meridiem);
    if (time === undefined) return undefined;
    return `${year}-${monthOf(month!)}-${day!.padStart(2, "0")}T${time}${zone.replace(/^(?:utc|gmt)$/i, "Z").replace(/\s*\(.*/, "")}`;
  }
  return undefined;
}

function monthOf(month: string): string {
  const named = MONTHS.indexOf(month.slice(0, 3).toLowerCase());
  return named < 0 ? month : String(named + 1).padStart(2, "0");
}

function clockOf(clock: string, meridiem: string): string | undefined {
  if (!clock.includes(":")) return clock.replace(/^(\d\d)(\d\d)(\d\d)/, "$1:$2:$3");
  const [hours = "", ...others] = clock.split(":");
  let hour = Number(hours);
  if (meridiem !== "") {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (meridiem.toLowerCase() === "pm" ? 12 : 0);
  }
  return [String(hour).padStart(2, "0"), ...others].join(":");
}
