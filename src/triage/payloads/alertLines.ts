import { isoTime } from "../../core/time.js";
import type { Alert, DigestEntry } from "../alert.js";
import { figureText, measureWords, percentText, roundText } from "./text/figureText.js";

/** A fact of an alert with its name, in plain words that are not made harmless yet. */
export interface AlertLine {
  /** Of the fixed set of names, in `lower_case`. */
  readonly name: AlertLineName;
  readonly label: string;
  readonly text: string;
}

export type AlertLineName =
  | "region"
  | "since"
  | "until"
  | "observed"
  | "loss"
  | "cause"
  | "clients"
  | "confidence"
  | "tiers"
  | "slice"
  | "second_opinion"
  | "resolution"
  | "alongside"
  | "digest";

/** What, where, since when, how bad, how sure, whom it hits and what carries it, in the order in which people ask. */
export function alertLines(alert: Alert): AlertLine[] {
  const { region, startMs, endMs, resolution, cause, secondOpinion, tiers, alongside, clients, digest } = alert;
  const lines: AlertLine[] = [
    { name: "region", label: "Where", text: region.name },
    { name: "since", label: "Since", text: timeText(startMs) },
  ];
  const add = (name: AlertLineName, label: string, text: string | null): void => {
    if (text !== null && text !== "") lines.push({ name, label, text });
  };
  add("until", "Until", endMs === null ? null : timeText(endMs));
  if (digest !== undefined) {
    add("digest", "In it", digestText(digest));
    add("resolution", "Resolved", resolution);
    return lines;
  }
  add("observed", "How bad", howBad(alert));
  add("loss", "Cost", lossText(alert));
  add("cause", "What carries it", cause);
  add("clients", "Clients", clients > 0 ? roundText(clients) : null);
  add("confidence", "How sure", sureText(alert.confidence));
  add("tiers", "Hits", tiers.slice(0, MOST_NAMES).join(", "));
  add("slice", "Only", sliceText(alert.dimensions));
  add("second_opinion", "Seen by others", secondOpinion);
  add("resolution", "Resolved", resolution);
  add("alongside", "Also going on", alongside.slice(0, MOST_NAMES).join("; "));
  return lines;
}

const MOST_NAMES = 12;

/** `2026-03-02 12:00:00Z`; "unknown" for what is no time. */
export function timeText(timeMs: number): string {
  return Number.isFinite(timeMs) && Math.abs(timeMs) <= 8.64e15
    ? isoTime(timeMs)
        .replace("T", " ")
        .replace(/\.\d+Z$/, "Z")
    : "unknown";
}

function howBad({ measure, observed, expected }: Alert): string {
  return `${measureWords(measure)}: ${figureText(measure, observed)}, expected ${figureText(measure, expected)}`;
}

function lossText({ loss: { amount, unit, share } }: Alert): string | null {
  const parts = [
    ...(amount === null || !Number.isFinite(amount) ? [] : [`${roundText(amount)} ${unit}`]),
    ...(share === null || !Number.isFinite(share) ? [] : [`${percentText(share)} of the region's traffic`]),
  ];
  return parts.length === 0 ? null : parts.join(", ");
}

/** "over 99.9%": a probability of one is nobody's to promise. */
function sureText(confidence: number): string | null {
  if (!Number.isFinite(confidence)) return null;
  return confidence >= 0.999 ? "over 99.9%" : `${(100 * confidence).toFixed(1).replace(/\.0$/, "")}%`;
}

/** The gravest first, as they are in the digest. */
function digestText(entries: readonly DigestEntry[]): string {
  const told = entries.slice(0, MOST_NAMES).map(digestLine);
  return [...told, ...(entries.length > told.length ? [`and ${entries.length - told.length} more`] : [])].join("; ");
}

/** "medium: 12 × errors in Europe". */
export function digestLine({ severity, title }: DigestEntry): string {
  return `${severity}: ${title}`;
}

function sliceText(dimensions: Alert["dimensions"]): string {
  return Object.entries(dimensions)
    .slice(0, MOST_NAMES)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}
