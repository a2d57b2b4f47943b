import type { ReportFinding, ReportModel } from "../../page/reportModel.js";
import { html } from "../dom.js";
import { findingText } from "../findingWords.js";
import { linkToFinding } from "../state/deepLink.js";

const SAID_MS = 1_600;

/** Buttons that copy a finding, as text or as a link to it on this page. */
export function findingActions(finding: ReportFinding, model: ReportModel): HTMLElement {
  const said = html("span", { class: "muted", role: "status" });
  const button = (label: string, textOf: () => string): HTMLElement => {
    const element = html("button", { type: "button", class: "copy" }, label);
    element.addEventListener("click", async () => {
      said.textContent = (await copied(textOf())) ? "Copied" : "The browser does not let this page copy";
      setTimeout(() => said.replaceChildren(), SAID_MS);
    });
    return element;
  };
  return html(
    "div",
    { class: "finding-actions" },
    button("Copy as text", () => `${findingText(finding, model)}\n${linkToFinding(finding.id)}`),
    button("Copy link", () => linkToFinding(finding.id)),
    said,
  );
}

/** Copies a text; pages that came over plain HTTP have no clipboard, so a selection is copied there. */
async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = html("textarea", { class: "off-screen", "aria-hidden": "true", tabindex: -1 });
    area.value = text;
    document.body.append(area);
    const focused = document.activeElement;
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
    return done;
  }
}
