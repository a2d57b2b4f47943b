import type { Finding } from "../../detect/finding.js";
import { ROLE } from "../../read/fields/role.js";
import { identifier } from "./quote.js";
import type { TableColumn } from "./tableColumns.js";

/** The rows that a finding is about, as conditions over the columns of events; values are bound. */
export interface FindingConditions {
  readonly conditions: readonly string[];
  readonly params: Readonly<Record<string, unknown>>;
  /** Values of dimensions, for `whereSql`. */
  readonly exact: Readonly<Record<string, string>>;
  /** The rows that show it best come first. */
  readonly order: string;
}

/** Levels of a region, from the widest, with the fields of rows that tell their place themselves. */
const LEVELS = [
  { of: "countries", column: "country", role: ROLE.country },
  { of: "subdivisions", column: "region", role: ROLE.region },
  { of: "cities", column: "city", role: ROLE.city },
] as const;

/** Makes conditions of a finding's region, users, addresses and measure. */
export function findingConditions(
  finding: Pick<Finding, "measure" | "region" | "dimensions" | "users" | "ips">,
  columns: readonly TableColumn[],
  database: string,
): FindingConditions {
  const { measure, region, dimensions, users, ips } = finding;
  const params: Record<string, unknown> = {};
  const bound = (name: string, values: readonly string[], type = "Array(String)"): string => {
    params[name] = values;
    return `{${name}:${type}}`;
  };
  const levels = LEVELS.filter(({ of }) => region[of].length > 0);
  const known = levels.map(({ of, column }) => `${column} IN ${bound(`of_${column}`, region[of])}`);
  const tells = new Set<number>(columns.map(({ means }) => means.role));
  // Rows that tell their place themselves do so in words of their own, of which country codes alone are known to agree.
  const told = tells.has(ROLE.country) && region.countries.length > 0;
  const within = [
    `place IN (SELECT id FROM ${identifier(database)}.places WHERE ${known.join(" AND ")})`,
    ...(told ? [`upper(told_${ROLE.country}) IN ${bound("of_country", region.countries)}`] : []),
  ];
  const isAbout = users.length > 0 || ips.length > 0;
  const who = [
    ...(users.length > 0 ? [`user IN ${bound("of_user", users)}`] : []),
    ...(ips.length > 0 ? [`client IN (SELECT toIPv6(arrayJoin(${bound("of_ip", ips)})))`] : []),
  ];
  return {
    conditions: [
      ...(known.length > 0 && !isAbout ? [`(${within.join(" OR ")})`] : []),
      ...(isAbout ? [`(${who.join(" OR ")})`] : []),
      ...(measure.startsWith("error") ? ["is_error"] : []),
    ],
    params,
    exact: dimensions,
    order: measure.includes("latency") ? "latency_ms DESC NULLS LAST, time_ms" : "time_ms",
  };
}
