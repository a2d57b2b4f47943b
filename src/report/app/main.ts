import { byId } from "./dom.js";
import { followServer } from "./live/followServer.js";
import { loadReport } from "./loadReport.js";
import { ReportView } from "./reportView.js";
import { SHOWN_AT_FIRST } from "./severity.js";
import { preferredTheme } from "./theme.js";

async function start(): Promise<void> {
  const { model, world } = await loadReport();
  const state = {
    measure: "requests",
    range: null,
    finding: null,
    pointed: null,
    theme: preferredTheme(),
    severities: SHOWN_AT_FIRST,
    steering: null,
  } as const;
  const paths = document.getElementById("live-paths");
  if (paths) followServer(JSON.parse(paths.textContent ?? ""), model, world, state);
  else new ReportView(model, world, state);
  document.documentElement.dataset.ready = "true";
}

start().catch((error: unknown) => {
  const notice = byId("failed");
  notice.hidden = false;
  notice.textContent = `This report cannot be shown: ${error instanceof Error ? error.message : String(error)}`;
  throw error;
});
