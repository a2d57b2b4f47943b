import { causeWords } from "../../detect/causeWords.js";
import { alertLines, timeText } from "../payloads/alertLines.js";
import { markdownText } from "../payloads/text/markdownText.js";
import { safeUrl } from "../payloads/text/safeUrl.js";
import { durationText } from "../tell/durationText.js";
import type { IncidentTimeline, MomentKind, OutlineStep } from "./timeline.js";

export interface PostMortemOptions {
  /** Where the picture is: a relative path or http(s); default: none is shown. */
  readonly picture?: string;
  /** Where the report is: http or https. */
  readonly reportUrl?: string;
}

const LONGEST = 400;
const KINDS: Readonly<Record<MomentKind, string>> = {
  began: "Began",
  knowable: "Could be known",
  told: "Told",
  ended: "Ended",
};

/**
 * The draft of a post-mortem in Markdown: what can be said from the traffic, with figures and the picture, and headings
 * for what people have to add.
 *
 * @example
 * ```ts
 * writeFileSync("incident.md", postMortem(timeline(alert, findings), { picture: "incident.svg" }));
 * ```
 */
export function postMortem(incident: IncidentTimeline, options: PostMortemOptions = {}): string {
  const { alert } = incident;
  return [
    `# ${markdownText(alert.title, 300, "Untitled")}`,
    summary(incident),
    figures(incident),
    ...picture(incident, options.picture),
    `## Timeline\n\n${momentTable(incident)}`,
    ...outline(incident.outline),
    ...causes(incident),
    ...steps(incident),
    "## To be added by people\n\n- Root cause: …\n- What was done, and what helped: …\n- What went well, what did not: …\n- [ ] Follow-up: …",
    ...list("## Why it was told as it was", alert.why),
    ...links(alert.runbook, options.reportUrl),
    "",
  ].join("\n\n");
}

function summary({ alert, knowableMs, toldMs }: IncidentTimeline): string {
  const { startMs, endMs, severity, region } = alert;
  const after = (timeMs: number): string => (timeMs <= startMs ? "at once" : `${durationText(timeMs - startMs)} later`);
  const lasted = endMs === null ? "It lasts." : `It ended ${timeText(endMs)}, after ${durationText(endMs - startMs)}.`;
  const told = toldMs === null ? "Nobody was told." : `Somebody was told ${after(toldMs)}.`;
  return `**${severity}**, ${markdownText(region.name, 200)}. It began ${timeText(startMs)} and could be known ${after(knowableMs)}. ${told} ${lasted}`;
}

function figures({ alert }: IncidentTimeline): string {
  const rows = alertLines(alert).map(({ label, text }) => `| ${label} | ${markdownText(text, LONGEST)} |`);
  return ["## Figures", "", "| | |", "|---|---|", ...rows].join("\n");
}

/** A path within the folder, or an address. */
function picture({ alert }: IncidentTimeline, path: string | undefined): string[] {
  const target = path !== undefined && /^[\w.-]+(\/[\w.-]+)*$/.test(path) ? path : safeUrl(path);
  return target === null ? [] : [`![Where, and how it went: ${markdownText(alert.region.name, 200)}](${target})`];
}

function momentTable({ moments, omitted }: IncidentTimeline): string {
  const rows = moments.map(({ atMs, kind, text, receivers }) => {
    const to = receivers.length > 0 ? ` → ${markdownText(receivers.join(", "), 200)}` : "";
    return `| ${timeText(atMs)} | ${KINDS[kind]} | ${markdownText(text, LONGEST)}${to} |`;
  });
  const more = omitted > 0 ? `\n\nAnd ${omitted} more findings.` : "";
  return ["| when | what | |", "|---|---|---|", ...rows].join("\n") + more;
}

function outline(steps: readonly OutlineStep[]): string[] {
  if (steps.length === 0) return [];
  const rows = steps.map(({ atMs, regions, cells }) => {
    const names = regions.slice(0, 6).join("; ") + (regions.length > 6 ? ` and ${regions.length - 6} more` : "");
    return `| ${timeText(atMs)} | ${markdownText(names, LONGEST)} | ${cells.length} |`;
  });
  return [["## How the outline grew", "", "| known by | where | cells |", "|---|---|--:|", ...rows].join("\n")];
}

function causes({ alert }: IncidentTimeline): string[] {
  const lines = alert.causes
    .slice(0, 5)
    .map((cause) => `${Math.round(100 * cause.share)}%: ${causeWords(cause).join(", ")}`);
  return list("## What carries it", lines);
}

function steps({ alert }: IncidentTimeline): string[] {
  return list("## What was to be done first", alert.steps);
}

function list(heading: string, lines: readonly string[]): string[] {
  const texts = lines.slice(0, 30).map((line) => `- ${markdownText(line, LONGEST, "–")}`);
  return texts.length === 0 ? [] : [`${heading}\n\n${texts.join("\n")}`];
}

function links(runbook: string | null, reportUrl: string | undefined): string[] {
  const named = [["Runbook", safeUrl(runbook)] as const, ["Report", safeUrl(reportUrl)] as const];
  const texts = named.flatMap(([name, url]) => (url === null ? [] : [`[${name}](${url})`]));
  return texts.length === 0 ? [] : [texts.join(" · ")];
}
