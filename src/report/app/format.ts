const DAY_MS = 86_400_000;

/** `1,072,471`. */
export function wholeNumber(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** At most three figures: `0.42`, `17.3`, `138`, `12.4k`, `3.1M`. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e9) return `${trimmed(value / 1e9)}G`;
  if (size >= 1e6) return `${trimmed(value / 1e6)}M`;
  if (size >= 1e4) return `${trimmed(value / 1e3)}k`;
  if (size >= 100) return wholeNumber(value);
  return trimmed(value);
}

/** `42 ms`, `1.35 s`, `2 min`. */
export function duration(ms: number): string {
  if (ms < 999.5) return `${ms < 9.95 ? trimmed(ms) : Math.round(ms)} ms`;
  if (ms < 119_500) return `${trimmed(ms / 1000)} s`;
  return `${trimmed(ms / 60_000)} min`;
}

/** `0.4%`, `12%`. */
export function percent(share: number): string {
  const value = 100 * share;
  if (value > 99 && value < 100) return `${(Math.floor(10 * value) / 10).toFixed(1)}%`;
  return `${Math.abs(value) < 9.95 ? trimmed(value) : Math.round(value)}%`;
}

/** How long something lasted: `25 min`, `3 h 10 min`, `2 d 4 h`. */
export function span(ms: number): string {
  if (ms < 59_500) return `${Math.round(ms / 1000)} s`;
  const minutes = Math.round(ms / 60_000);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  const days = Math.floor(hours / 24);
  return hours % 24 ? `${days} d ${hours % 24} h` : `${days} d`;
}

/** `2 Mar 2026`. All times are UTC. */
export function day(timeMs: number): string {
  return utc(timeMs, { day: "numeric", month: "short", year: "numeric" });
}

/** `Mon 2 Mar, 14:05`. */
export function moment(timeMs: number): string {
  return `${utc(timeMs, { weekday: "short", day: "numeric", month: "short" })}, ${clock(timeMs)}`;
}

/** `14:05`. */
export function clock(timeMs: number): string {
  return utc(timeMs, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** `Mon 2 Mar, 14:00–15:00`, with the second day only where it is another. */
export function interval(fromMs: number, toMs: number): string {
  const sameDay = Math.floor(fromMs / DAY_MS) === Math.floor((toMs - 1) / DAY_MS);
  if (sameDay) return `${moment(fromMs)}–${clock(toMs)}`;
  return `${moment(fromMs)} – ${moment(toMs)}`;
}

/** `19:30–20:25 GMT+9`: the same stretch of time on the clock of another zone; empty where the zone is not known here. */
export function localInterval(fromMs: number, toMs: number, timeZone: string): string {
  const at = (timeMs: number, options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat("en-GB", { timeZone, hourCycle: "h23", ...options }).format(timeMs);
  try {
    const days = [fromMs, toMs - 1].map((timeMs) => at(timeMs, { weekday: "short", day: "numeric", month: "short" }));
    const [from, to] = [fromMs, toMs].map((timeMs) => at(timeMs, { hour: "2-digit", minute: "2-digit" }));
    const zone = at(fromMs, { timeZoneName: "shortOffset" }).split(" ").pop() ?? "";
    if (days[0] === days[1]) return `${from}–${to} ${zone}`;
    return `${days[0]}, ${from} – ${days[1]}, ${to} ${zone}`;
  } catch {
    return "";
  }
}

/** `1 request`, `2 requests`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${wholeNumber(count)} ${count === 1 ? one : many}`;
}

function trimmed(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
  return String(Number(value.toFixed(digits)));
}

function utc(timeMs: number, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options }).format(timeMs);
}
