import { interpolateRgbBasis } from "d3-interpolate";
import type { SeverityName } from "../severity.js";

export type Theme = "light" | "dark";
export type RampName = "requests" | "errors" | "latency" | "clients" | "typical";

/** Colours that the canvas needs; the page's own are in the style sheet. */
export interface MapColours {
  readonly sea: string;
  readonly land: string;
  readonly coast: string;
  readonly border: string;
  readonly label: string;
  readonly labelHalo: string;
  readonly highlight: string;
  readonly highlightHalo: string;
  readonly hover: string;
  /** Findings, as the style sheet has them. */
  readonly severity: Readonly<Record<SeverityName, string>>;
}

export const MAP_COLOURS: Readonly<Record<Theme, MapColours>> = {
  light: {
    sea: "#eaf0f5",
    land: "#fbfbfa",
    coast: "#b4c0cb",
    border: "#d5dce3",
    label: "#5d6b7a",
    labelHalo: "rgba(255,255,255,0.85)",
    highlight: "#12161c",
    highlightHalo: "rgba(255,255,255,0.9)",
    hover: "#12161c",
    severity: { critical: "#a3122a", high: "#c2410c", medium: "#8a6100", low: "#43617c", info: "#66717d" },
  },
  dark: {
    sea: "#0b1016",
    land: "#18202a",
    coast: "#364454",
    border: "#2a3644",
    label: "#8c9bab",
    labelHalo: "rgba(11,16,22,0.8)",
    highlight: "#ffffff",
    highlightHalo: "rgba(4,8,12,0.85)",
    hover: "#ffffff",
    severity: { critical: "#ff8091", high: "#ff9b63", medium: "#e6be52", low: "#93b7d9", info: "#a0abb6" },
  },
};

/**
 * From little to much. Each rises in one direction of lightness (away from the land's colour), so that the order is seen
 * without colour too; "typical" runs from orange (less) to blue (more), which no common colour blindness confuses.
 */
const STOPS: Readonly<Record<Theme, Readonly<Record<RampName, readonly string[]>>>> = {
  light: {
    requests: ["#c9e8c9", "#8fd3c0", "#4db3c4", "#2686b8", "#23559c", "#1b2a66"],
    errors: ["#fbe6b5", "#fbc47c", "#f4924f", "#dd5a37", "#b0252f", "#6d0d2b"],
    latency: ["#ecd9ee", "#d3aedd", "#b37fc6", "#8c50ab", "#602a87", "#351059"],
    clients: ["#dcebc0", "#abd595", "#6fb878", "#3a9366", "#176a54", "#07413b"],
    typical: ["#a2480a", "#e08a3c", "#f3cfa4", "#e4e6e8", "#a9cbe6", "#4a8cc7", "#154a86"],
  },
  dark: {
    requests: ["#173c5c", "#1d6284", "#25899b", "#46b3a2", "#96d9a3", "#f1f7b5"],
    errors: ["#46221c", "#7d2d20", "#b74524", "#e2722f", "#f7ac55", "#fdeeb0"],
    latency: ["#35214d", "#573079", "#8046a3", "#ad67c1", "#d898d6", "#fbdcf0"],
    clients: ["#16392f", "#1b5a44", "#2b7f57", "#57a768", "#9ccf83", "#eef7bd"],
    typical: ["#ffb366", "#dc7f2c", "#8a5326", "#39424d", "#2c6496", "#4f9ddb", "#a5d5ff"],
  },
};

/** Where there is traffic at other times and none now: beyond the ramp's end, so that it cannot be missed. */
export const SILENT: Readonly<Record<Theme, string>> = { light: "#431803", dark: "#fff1dc" };

/** Colour of a position in [0, 1] along a ramp. */
export function ramp(theme: Theme, name: RampName): (position: number) => string {
  const colours: string[] = [];
  const between = interpolateRgbBasis([...STOPS[theme][name]]);
  for (let i = 0; i <= 255; i++) colours.push(between(i / 255));
  return (position) => colours[Math.round(255 * Math.max(0, Math.min(1, position)))]!;
}
