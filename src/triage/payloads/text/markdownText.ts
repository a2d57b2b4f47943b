import { inertText } from "./inertText.js";

/** A text out of a log as Markdown of one line that shows it as it is, in GitHub's dialect, CommonMark and wikis. */
export function markdownText(value: string, most: number, orElse = ""): string {
  return escapeMarkdown(inertText(value, most, orElse));
}

/** Writes signs that Markdown, HTML or a wiki would act on as character references. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/[\\`*_[\]{}|~#@!$^]/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replace(/^([-+=]|\d+[.)])(?=\s|$)/, (mark) => `${mark.slice(0, -1)}&#${mark.charCodeAt(mark.length - 1)};`);
}
