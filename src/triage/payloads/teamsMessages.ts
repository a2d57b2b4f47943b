import type { Severity } from "../../detect/finding.js";
import type { Alert } from "../alert.js";
import { alertLines } from "./alertLines.js";
import type { PayloadObject, PayloadOptions } from "./payloadOptions.js";
import { inertText } from "./text/inertText.js";
import { safeUrl } from "./text/safeUrl.js";

/** A message with one adaptive card, as webhooks of Teams' Workflows take it ("When a Teams webhook request is received"). */
export interface TeamsMessage {
  readonly type: "message";
  /** What notifications show. */
  readonly summary: string;
  readonly attachments: readonly [
    {
      readonly contentType: "application/vnd.microsoft.card.adaptive";
      readonly contentUrl: null;
      readonly content: PayloadObject;
    },
  ];
}

/** Teams says 28 KB, and was seen to refuse from some 21 on: half of 28 holds also where it counts in UTF-16. */
const LARGEST_BYTES = 14_000;
const LONGEST_TITLE = 300;
const LONGEST = 1_000;
const MOST_LINES = 12;
/** Styles of containers, which Teams colours. */
const STYLES: Readonly<Record<Severity, string>> = {
  critical: "attention",
  high: "warning",
  medium: "warning",
  low: "accent",
  info: "emphasis",
};

/**
 * Alerts as messages for Microsoft Teams, one each: an adaptive card of version 1.4 within 14,000 bytes. Texts are runs of
 * rich text blocks, the one element that Teams reads no Markdown in.
 *
 * @example
 * ```ts
 * for (const message of teamsMessages(alerts)) await post(process.env.TEAMS_URL, message);
 * ```
 */
export function teamsMessages(alerts: readonly Alert[], options: PayloadOptions = {}): TeamsMessage[] {
  return alerts.map((alert) => fitting((scale) => alertMessage(alert, options, scale)));
}

/** The largest that Teams takes: texts are halved until it does. */
function fitting(make: (scale: number) => TeamsMessage): TeamsMessage {
  for (let scale = 1; ; scale /= 2) {
    const message = make(scale);
    if (scale < 0.02 || new TextEncoder().encode(JSON.stringify(message)).length <= LARGEST_BYTES) return message;
  }
}

function alertMessage(alert: Alert, options: PayloadOptions, scale: number): TeamsMessage {
  const { title, severity, status, steps, why } = alert;
  const isOver = status === "resolved";
  const heading = `${isOver ? "Resolved" : severity.toUpperCase()}: ${inertText(title, LONGEST_TITLE, "Untitled")}`;
  const most = Math.floor(LONGEST * scale);
  const facts = [
    { label: "Severity", text: severity },
    ...alertLines(alert).map(({ label, text }) => ({ label, text: inertText(text, most, "–") })),
  ];
  const actions = actionsOf(alert, options);
  const content = {
    type: "AdaptiveCard",
    version: "1.4",
    // Read as Markdown where cards are too old: no names out of logs.
    fallbackText: `${isOver ? "Resolved" : severity.toUpperCase()}: an alert of geopivot`,
    msteams: { width: "Full" },
    body: [
      {
        type: "Container",
        style: isOver ? "good" : STYLES[severity],
        bleed: true,
        items: [richText([run(heading, { weight: "Bolder", size: "Medium" })])],
      },
      ...facts.map(({ label, text }) => richText([run(`${label}: `, { weight: "Bolder" }), run(text)])),
      ...listOf("First steps", steps, most),
      ...listOf("Why", why, Math.floor(most / 4), { isSubtle: true, size: "Small" }),
    ],
    ...(actions.length === 0 ? {} : { actions }),
  };
  return {
    type: "message",
    summary: heading,
    attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", contentUrl: null, content }],
  };
}

function listOf(label: string, texts: readonly string[], most: number, look: PayloadObject = {}): PayloadObject[] {
  if (texts.length === 0) return [];
  const lines = texts
    .slice(0, MOST_LINES)
    .map((text) => richText([run(`• ${inertText(text, most, "–")}`, look)], "Small"));
  return [richText([run(label, { ...look, weight: "Bolder" })]), ...lines];
}

function actionsOf({ runbook }: Alert, { reportUrl }: PayloadOptions): PayloadObject[] {
  const action = (title: string, url: string | null): PayloadObject[] =>
    url === null ? [] : [{ type: "Action.OpenUrl", title, url }];
  return [...action("Runbook", safeUrl(runbook)), ...action("Report", safeUrl(reportUrl))];
}

const richText = (inlines: readonly PayloadObject[], spacing = "Default"): PayloadObject => ({
  type: "RichTextBlock",
  inlines,
  spacing,
});

const run = (text: string, look: PayloadObject = {}): PayloadObject => ({ type: "TextRun", text, ...look });
