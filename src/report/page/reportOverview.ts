import type { Cube } from "../../cube/cube.js";
import { overview, type TrafficPart } from "../overview.js";
import type { ReportOverview, ReportPart } from "./reportModel.js";

/** How many countries and networks the page names. */
const MOST = 3;

/** The traffic at a glance as the page's tiles show it: JSON has no NaN, what is not known is null. */
export function reportOverview(cube: Cube): ReportOverview {
  const { total, clients, countries, networks } = overview(cube, MOST);
  return {
    total: partOf(total),
    clients: known(clients),
    countries: countries.map(partOf),
    networks: networks.map(partOf),
  };
}

function partOf(part: TrafficPart): ReportPart {
  return { ...part, errorRate: known(part.errorRate), p95Ms: known(part.p95Ms) };
}

const known = (value: number): number | null => (Number.isFinite(value) ? value : null);
