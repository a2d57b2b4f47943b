import { readFile } from "node:fs/promises";
import type { Holidays } from "../../detect/regional/signals/holidays.js";
import { cliError } from "../errors.js";

/** A package with the public holidays of most countries; who wants them by country code installs it. */
const CALENDAR = "date-holidays";
/** Years before this one that the calendar is asked for. */
const YEARS_BACK = 10;

interface Calendar {
  getHolidays(year: number): readonly { readonly date: string; readonly type: string }[];
}

/**
 * The days off that `--holidays` names: a file of dates by country (JSON `{"DE": ["2026-12-25"]}` or CSV `DE,2026-12-25`), or
 * country codes (`DE,FR`), whose public holidays the package `date-holidays` tells.
 */
export async function readHolidays(given: string, nowMs: number): Promise<Holidays> {
  if (/^[A-Za-z]{2}(,[A-Za-z]{2})*$/.test(given)) return publicHolidays(given.toUpperCase().split(","), nowMs);
  const text = (await readFile(given, "utf8")).trim();
  const holidays = text.startsWith("{") ? fromJson(text, given) : fromCsv(text);
  const isList = Object.entries(holidays).every(
    ([code, days]) => /^[A-Z]{2}$/.test(code) && Array.isArray(days) && days.every(isDate),
  );
  if (!isList || Object.keys(holidays).length === 0) throw wrong(given);
  return holidays;
}

function fromJson(text: string, given: string): Holidays {
  try {
    return JSON.parse(text) as Holidays;
  } catch {
    throw wrong(given);
  }
}

/** Lines of country and date; what follows is a name, and a first line without a date a heading. */
function fromCsv(text: string): Holidays {
  const holidays: Record<string, string[]> = {};
  text.split(/\r?\n/).forEach((line, i) => {
    const [code = "", day = ""] = line.split(/[,;\t]/).map((cell) => cell.trim());
    if (line.trim() === "" || (i === 0 && !isDate(day))) return;
    holidays[code] ??= [];
    holidays[code].push(day);
  });
  return holidays;
}

async function publicHolidays(codes: readonly string[], nowMs: number): Promise<Holidays> {
  const module = await import(CALENDAR).catch(() => undefined);
  if (module === undefined)
    throw cliError("bad-option", {
      option: "--holidays",
      value: codes.join(","),
      expected: `a file of dates by country; country codes need the package ${CALENDAR} (npm install ${CALENDAR})`,
    });
  const Holidays = module.default as new (country: string) => Calendar;
  const year = new Date(nowMs).getUTCFullYear();
  const years = Array.from({ length: YEARS_BACK + 2 }, (_, i) => year - YEARS_BACK + i);
  return Object.fromEntries(
    codes.map((code) => {
      const calendar = new Holidays(code);
      const days = years.flatMap((y) => calendar.getHolidays(y) ?? []).filter(({ type }) => type === "public");
      if (days.length === 0)
        throw cliError("bad-option", { option: "--holidays", value: code, expected: "countries with a calendar" });
      return [code, days.map(({ date }) => date.slice(0, 10))];
    }),
  );
}

const isDate = (text: unknown): boolean =>
  typeof text === "string" && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));

const wrong = (given: string) =>
  cliError("bad-option", {
    option: "--holidays",
    value: given,
    expected: 'dates by country, as {"DE": ["2026-12-25"]} or lines of DE,2026-12-25',
  });
