import { InvalidArgumentError, Option } from "commander";
import { parseDurationMs, parseTimeMs } from "../../core/time.js";
import { SEVERITIES, type Severity } from "../../detect/finding.js";
import { parseNetwork } from "../../locate/address/parseNetwork.js";

/** The values of the options that say what to read and how to place it. */
export interface InputOptions {
  readonly db?: readonly string[];
  readonly networks?: string;
  /** False where compiled databases shall neither be taken from the cache nor kept there. */
  readonly cache?: boolean;
  readonly format: string;
  readonly map?: Readonly<Record<string, string>>;
  readonly workers?: number;
  readonly trust?: readonly string[];
  readonly logTimeZone?: string;
}

/** `--db`, `--networks`, `--format`, `--map`, `--workers`: the same wherever a log is read. */
export function inputOptions(): Option[] {
  return [
    databaseOption(),
    networksOption(),
    cacheOption(),
    new Option("--format <name>", "log format, when it should not be detected").default("auto"),
    new Option("--map <pairs>", "field names of the log, as ip=remote_addr,latency_ms=rt").argParser(parsePairs),
    new Option("--trust <cidrs>", "proxies whose X-Forwarded-For is believed, as 10.0.0.0/8,2001:db8::/32").argParser(
      networks,
    ),
    new Option("--log-time-zone <zone>", "IANA zone of log times that tell no offset (default: UTC)"),
    new Option("--workers <n>", "threads that read big files (default: the cores)").argParser(wholeNumber(1, 256)),
  ];
}

export function databaseOption(): Option {
  return new Option(
    "--db <files...>",
    "databases: any mix of .mmdb, .csv[.gz] ranges and a compiled table (default: $GEOPIVOT_DB, else what is installed)",
  );
}

export function cacheOption(): Option {
  return new Option("--no-cache", "compile databases anew, and keep nothing in the user's cache folder");
}

export function networksOption(): Option {
  return new Option("--networks <file>", "your own networks: JSON list of {cidr, name, country, lat, lon, tags}");
}

export function bucketOption(): Option {
  return new Option("--bucket <duration>", "width of a time bucket").default(300_000, "5m").argParser(duration);
}

/** `--events`: outages that others saw, for a second opinion. */
export function eventsOption(): Option {
  return new Option(
    "--events <file>",
    "outages that others saw (JSON of IODA or Cloudflare Radar): alerts say who else",
  );
}

export function failOnOption(): Option {
  return new Option("--fail-on <severity>", "exit 3 from this severity on").choices(SEVERITIES);
}

/** Whether a finding's severity is at least the one that a gate names. */
export function reaches(severity: Severity, gate: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(gate);
}

export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`expected a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError("expected a positive number.");
  return value;
}

export function names(text: string): string[] {
  const list = text.split(",").map((name) => name.trim());
  if (list.some((name) => name === "")) throw new InvalidArgumentError("expected names with commas between them.");
  return list;
}

function networks(text: string): string[] {
  const list = names(text);
  for (const network of list) asArgument(() => parseNetwork(network));
  return list;
}

export function duration(text: string): number {
  return asArgument(() => parseDurationMs(text));
}

export function time(text: string): number {
  return asArgument(() => parseTimeMs(text));
}

export function parsePairs(text: string, before: Record<string, string> = {}): Record<string, string> {
  const pairs = names(text).map((pair) => {
    const at = pair.indexOf("=");
    if (at < 1 || at === pair.length - 1)
      throw new InvalidArgumentError("expected name=field pairs with commas between them.");
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return { ...before, ...Object.fromEntries(pairs) };
}

function asArgument<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new InvalidArgumentError(`${(error as Error).message}.`);
  }
}
