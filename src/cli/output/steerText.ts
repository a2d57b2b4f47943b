import { countryName } from "../../grid/countries.js";
import type { SteeringTable } from "../../steer/dns/steeringTable.js";
import type { CellAssignment } from "../../steer/failover/cellAssignments.js";
import type { FailoverCase, ServerOutcome } from "../../steer/failover/failoverCase.js";
import type { FailoverPlan } from "../../steer/failover/planFailover.js";
import { meanRates, type PlanState, slotName } from "../../steer/failover/planState.js";
import type { Placement } from "../../steer/sites/placeServers.js";
import { printable } from "./printable.js";

/** Everything that `steer` tells. */
export interface SteerAnswer {
  readonly plan: FailoverPlan;
  readonly placement: Placement | null;
  readonly steering: SteeringTable;
  readonly state: PlanState;
  readonly cells: readonly CellAssignment[];
}

const MOST_COUNTRIES = 15;
const MOST_PAIRS = 10;

/** What a person reads: catchments, failures, the asked failure, the next site. */
export function steerText(answer: SteerAnswer): string {
  const parts = [
    summary(answer),
    countries(answer),
    failures(answer.plan),
    asked(answer.plan),
    sites(answer.placement),
  ];
  return parts.filter((part) => part !== "").join("\n");
}

function summary({ plan, cells }: SteerAnswer): string {
  const rps = cells.reduce((sum, cell) => sum + cell.rps, 0);
  const regret = cells.reduce((sum, cell) => sum + cell.rps * cell.regretMs, 0) / (rps || 1);
  const elsewhere = cells.filter((cell) => cell.today !== cell.better).reduce((sum, cell) => sum + cell.rps, 0);
  const hours = `${plan.slots.length} of the 168 hours of a week are in the log`;
  const gain =
    elsewhere > 0
      ? `; ${percent(elsewhere / rps)} of requests would be better served elsewhere, which would save ${ms(regret)} a request on average`
      : "; every place is with its best server";
  return `${plan.servers.length} servers, ${rps.toPrecision(3)} requests/s, ${ms(plan.healthy.meanMs)} a request at best; ${hours}${gain}\n`;
}

function countries({ steering, state }: SteerAnswer): string {
  const { cube, demand, names, costs } = state;
  const rates = meanRates(state);
  const sums = new Map<string, Float64Array>();
  rates.forEach((rate, row) => {
    const code = cube.places.countries.value(cube.places.country[demand.place[row]!]!);
    const own = sums.get(code) ?? new Float64Array(names.length + 1);
    sums.set(code, own);
    own[names.length]! += rate;
    for (let s = 0; s < names.length; s++) own[s]! += rate * costs.ms[row * names.length + s]!;
  });
  const total = rates.reduce((sum, rate) => sum + rate, 0);
  const busiest = [...steering.countries]
    .sort((a, b) => sums.get(b.country)![names.length]! - sums.get(a.country)![names.length]!)
    .slice(0, MOST_COUNTRIES);
  const rows = busiest.map(({ country, servers }) => {
    const own = sums.get(country)!;
    const told = servers.map((name) => `${name} ${ms(own[names.indexOf(name)]! / own[names.length]!)}`);
    return [countryName(country), percent(own[names.length]! / total), told.join(", ")];
  });
  return table(["country", "requests", "best servers"], rows);
}

function failures({ healthy, cases }: FailoverPlan): string {
  const singles = cases.filter(({ down }) => down.length === 1);
  const pairs = cases.filter(({ down }) => down.length === 2).sort(worstFirst);
  const shown = [healthy, ...singles, ...pairs.slice(0, MOST_PAIRS)];
  const rows = shown.map((one) => [
    one.down.join(" + ") || "none",
    one.verdict,
    percent(one.movedShare),
    one.movedShare > 0 ? `${one.addedMs >= 0 ? "+" : ""}${ms(one.addedMs)}` : "-",
    one.p50Ms === null ? "-" : ms(one.p50Ms),
    one.p95Ms === null ? "-" : ms(one.p95Ms),
    fullest(one.servers),
    one.overflow.map(({ name, worst, slots }) => `${name} ${percent(worst)}, ${slots.length} h`).join("; ") || "-",
    one.shed.share > 0 ? percent(one.shed.share) : "-",
  ]);
  const head = [
    "lost",
    "verdict",
    "moves",
    "adds",
    "p50",
    "p95",
    "fullest by the plan",
    "too full by distance",
    "shed",
  ];
  const left = pairs.length - MOST_PAIRS;
  return table(head, rows) + (left > 0 ? `and ${left} more pairs, which are no worse: see --json\n` : "");
}

function worstFirst(a: FailoverCase, b: FailoverCase): number {
  const overflow = (one: FailoverCase): number => Math.max(0, ...one.overflow.map(({ worst }) => worst));
  return (
    b.shed.share - a.shed.share || overflow(b) - overflow(a) || b.movedShare * b.addedMs - a.movedShare * a.addedMs
  );
}

function fullest(servers: readonly ServerOutcome[]): string {
  const limited = servers.filter(({ utilization }) => utilization !== null);
  const most = (limited.length > 0 ? limited : servers).reduce<ServerOutcome | null>(
    (best, one) => (best === null || size(one) > size(best) ? one : best),
    null,
  );
  if (most === null) return "-";
  const amount = most.utilization === null ? `${most.peakRps.toPrecision(3)}/s` : percent(most.utilization);
  return `${most.name} ${amount}, ${slotName(most.peakSlot)}`;
}

const size = ({ utilization, peakRps }: ServerOutcome): number => utilization ?? peakRps;

function asked({ asked: detail }: FailoverPlan): string {
  if (detail === null) return "";
  const names = detail.hours[0]?.servers.map(({ name }) => name) ?? [];
  const rows = names.map((name) => {
    const hours = detail.hours.map(({ slot, servers }) => ({ slot, own: servers.find((one) => one.name === name)! }));
    const { slot, own } = hours.reduce((best, one) => (one.own.load.value > best.own.load.value ? one : best));
    const { load, p95 } = own;
    return [
      name,
      slotName(slot),
      `${load.value.toPrecision(3)} (${load.low.toPrecision(3)}–${load.high.toPrecision(3)})`,
      own.p50 === null ? "-" : ms(own.p50),
      p95 === null ? "-" : `${ms(p95.value)} (${ms(p95.low)}–${ms(p95.high)})`,
    ];
  });
  const title = `without ${detail.down.map(printable).join(" and ")}, each server's busiest hour (90% intervals)\n`;
  return title + table(["server", "hour (UTC)", "requests/s", "p50", "p95"], rows);
}

function sites(placement: Placement | null): string {
  if (placement === null) return "";
  const { opened, savedMs, helpedShare, beforeMs, afterMs, byDistanceMs, isExact, gap } = placement;
  if (opened.length === 0) return "no candidate pays\n";
  const proof = isExact ? "no other choice is better" : `within ${percent(gap)} of the best choice`;
  const harm =
    byDistanceMs.after > byDistanceMs.before
      ? `if clients are sent to the nearest server instead, it makes things worse: ${ms(byDistanceMs.before)} → ${ms(byDistanceMs.after)}\n`
      : "";
  const head = `open ${opened.map(printable).join(", ")}: ${ms(beforeMs)} → ${ms(afterMs)} a request, saves ${interval(savedMs)}; faster for ${percent(helpedShare)} of requests (${proof})\n`;
  const rows = placement.regions
    .slice(0, MOST_COUNTRIES)
    .map(({ country, region, share, server, savedMs: saved }) => [
      [region, countryName(country)].filter((part) => part !== "").join(", "),
      percent(share),
      server,
      interval(saved),
    ]);
  return head + harm + table(["region", "requests", "site", "saves a request"], rows);
}

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)}%`;
const ms = (value: number): string => `${value.toFixed(Math.abs(value) < 9.95 ? 1 : 0)} ms`;
const interval = ({ value, low, high }: { value: number; low: number; high: number }): string =>
  `${ms(value)} (${ms(low)}–${ms(high)})`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows.map((row) => row.map(printable))];
  const widths = head.map((_, column) => cells.reduce((width, row) => Math.max(width, row[column]!.length), 0));
  return cells
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column]!))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}
