import type { Severity } from "../../detect/finding.js";
import type { Alert } from "../alert.js";
import { type AlertLine, type AlertLineName, alertLines } from "./alertLines.js";
import type { PayloadObject, PayloadOptions } from "./payloadOptions.js";
import { inertText } from "./text/inertText.js";
import { safeUrl } from "./text/safeUrl.js";

/** A message as incoming webhooks and `chat.postMessage` take it. */
export interface SlackMessage {
  /** What notifications show. */
  readonly text: string;
  readonly blocks: readonly PayloadObject[];
  readonly mrkdwn: false;
  readonly unfurl_links: false;
  readonly unfurl_media: false;
}

const LONGEST_HEADER = 150;
const LONGEST_SECTION = 2_500;
const LONGEST_FIELD = 400;
const MOST_FIELDS = 10;
/** Slack refuses messages of some 13,200; nobody says whether bytes or characters. */
const LARGEST_BYTES = 12_000;
/** Facts that are sentences and have a section of their own. */
const SENTENCES: ReadonlySet<AlertLineName> = new Set(["cause", "resolution", "alongside", "digest"]);
const SIGNS: Readonly<Record<Severity, string>> = {
  critical: "\u{1f534}",
  high: "\u{1f7e0}",
  medium: "\u{1f7e1}",
  low: "\u{1f535}",
  info: "\u26aa",
};

/**
 * Alerts as Slack messages, one each. Texts are `plain_text`, which Slack takes for what they are.
 *
 * @example
 * ```ts
 * const messages = slackMessages(alerts); // for an incoming webhook, one by one
 * ```
 */
export function slackMessages(alerts: readonly Alert[], options: PayloadOptions = {}): SlackMessage[] {
  return alerts.map((alert) => fitting((scale) => alertMessage(alert, options, scale)));
}

/** The largest that Slack takes: texts are halved until it does. */
function fitting(make: (scale: number) => SlackMessage): SlackMessage {
  for (let scale = 1; ; scale /= 2) {
    const message = make(scale);
    if (scale < 0.05 || new TextEncoder().encode(JSON.stringify(message)).length <= LARGEST_BYTES) return message;
  }
}

function alertMessage(alert: Alert, options: PayloadOptions, scale: number): SlackMessage {
  const { title, severity, status, steps, why } = alert;
  const sign = status === "resolved" ? "\u2705 Resolved: " : `${SIGNS[severity]} `;
  const lines = alertLines(alert);
  const facts = [{ label: "Severity", text: severity }, ...lines.filter(({ name }) => !SENTENCES.has(name))];
  const most = Math.floor(LONGEST_SECTION * scale);
  const list = (label: string, texts: readonly string[], count: number): PayloadObject[] =>
    texts.length === 0 ? [] : [section(`${label}:\n${listText(texts.slice(0, count), most / count)}`, most)];
  const heading = `${sign}${inertText(title, 300, "Untitled")}`;
  return message(heading, [
    fieldsOf(facts, Math.floor(LONGEST_FIELD * scale)),
    ...lines
      .filter(({ name }) => SENTENCES.has(name))
      .map(({ label, text }) => section(`${label}: ${inertText(text, most)}`, most)),
    ...list("First steps", steps, 8),
    ...buttonsOf(alert, options),
    ...(why.length === 0 ? [] : [contextOf(why.slice(0, 10), Math.floor(200 * scale))]),
  ]);
}

function message(heading: string, blocks: readonly PayloadObject[]): SlackMessage {
  const header = { type: "header", text: plainText(heading, LONGEST_HEADER) };
  return {
    text: escaped(heading, 300),
    blocks: [header, ...blocks],
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
  };
}

function fieldsOf(lines: readonly Pick<AlertLine, "label" | "text">[], most: number): PayloadObject {
  const fields = lines.slice(0, MOST_FIELDS);
  return {
    type: "section",
    fields: fields.map(({ label, text }) => plainText(`${label}\n${inertText(text, most)}`, most + 40)),
  };
}

const section = (text: string, most: number): PayloadObject => ({ type: "section", text: plainText(text, most + 40) });

const contextOf = (lines: readonly string[], most: number): PayloadObject => ({
  type: "context",
  elements: lines.map((line) => plainText(inertText(line, most, "–"), most)),
});

function buttonsOf({ runbook }: Alert, { reportUrl }: PayloadOptions): PayloadObject[] {
  const button = (label: string, url: string | null): PayloadObject[] =>
    url === null ? [] : [{ type: "button", text: plainText(label, 75), url }];
  const elements = [...button("Runbook", safeUrl(runbook)), ...button("Report", safeUrl(reportUrl))];
  return elements.length === 0 ? [] : [{ type: "actions", elements }];
}

function listText(texts: readonly string[], most: number): string {
  return texts.map((text) => `• ${inertText(text, Math.max(16, Math.floor(most) - 3), "–")}`).join("\n");
}

const plainText = (text: string, most: number): PayloadObject => ({
  type: "plain_text",
  text: escaped(text, most),
  emoji: false,
});

/** Slack's three escapes; what is too long is cut between them. */
function escaped(text: string, most: number): string {
  const signs: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
  let out = "";
  for (const character of text) {
    const piece = signs[character] ?? character;
    if (out.length + piece.length > most - 1) return `${out}…`;
    out += piece;
  }
  return out;
}
