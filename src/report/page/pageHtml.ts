import { gzipSync } from "node:zlib";
import type { FindingsJson } from "../payloads/findingsJson.js";
import { htmlText, scriptJson } from "./embedText.js";
import type { LivePaths } from "./livePaths.js";
import { packModel } from "./packModel.js";
import type { ReportModel } from "./reportModel.js";
import { type ReportPage, reportPage } from "./reportPage.js";

/**
 * The report as one HTML file. What comes from the log is either deflated and in base64, or escaped: none of it is markup.
 *
 * @param live - where a page that a server gives asks for more; other pages may ask for nothing
 */
export function pageHtml(model: ReportModel, findings: FindingsJson, live?: LivePaths): string {
  const page = reportPage();
  const packed = packModel(model);
  return [
    "<!doctype html>",
    `<html lang="en">`,
    head(model.title, page, live !== undefined),
    body(model),
    `<script type="application/json" id="findings">${scriptJson(findings)}</script>`,
    dataBlock("report-text", deflated(packed.json)),
    dataBlock("report-columns", deflated(packed.bytes)),
    dataBlock("world", page.world),
    ...(live ? [`<script type="application/json" id="live-paths">${scriptJson(live)}</script>`] : []),
    `<script>${page.script}</script>`,
    `<!--\n${page.notice}\n-->`,
    "</html>\n",
  ].join("\n");
}

function deflated(data: string | Uint8Array): string {
  return gzipSync(data).toString("base64");
}

function dataBlock(id: string, base64: string): string {
  return `<script type="text/plain" id="${id}">${base64}</script>`;
}

/** Nothing may be loaded, and only this very script and style may run, whatever else stands in the file. */
function head(title: string, page: ReportPage, isLive: boolean): string {
  const policy = [
    "default-src 'none'",
    `script-src '${page.scriptHash}'`,
    `style-src '${page.styleHash}'`,
    "font-src data:",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    ...(isLive ? ["connect-src 'self'"] : []),
  ].join("; ");
  return `<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${htmlText(title)}</title>
<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(ICON)}">
<style>${page.style}</style>
</head>`;
}

function steeringTab(): string {
  return `<button type="button" role="tab" id="tab-steering" aria-selected="false" aria-controls="steering" tabindex="-1">Steering</button>`;
}

const HEXAGON = "M12 1.8 20.9 6.9v10.2L12 22.2 3.1 17.1V6.9z";
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="${HEXAGON}" fill="#2686b8"/><path d="M12 7.2l4.2 2.4v4.8L12 16.8l-4.2-2.4V9.600z" fill="#fff"/></svg>`;

function body(model: ReportModel): string {
  const icon = (path: string): string =>
    `<svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true"><path d="${path}"/></svg>`;
  const credits = [...new Set([...model.attributions, "Natural Earth"])].map(htmlText).join(" · ");
  return `<body>
<a class="skip" href="#findings-panel">Skip to the findings</a>
<header>
<div class="brand"><svg viewBox="0 0 24 24" width="26" height="26" aria-hidden="true"><path class="hexagon" d="${HEXAGON}"/><path class="core" d="M12 7.2l4.2 2.4v4.8L12 16.8l-4.2-2.4V9.6z"/></svg>
<div><h1>${htmlText(model.title)}</h1><p id="summary"></p></div></div>
<p id="live" role="status" hidden></p>
<div id="header-tools"><select id="slice" aria-label="Part of the traffic that is shown" hidden></select><div id="search"></div></div>
<button type="button" id="theme" class="icon" aria-label="Use dark colours"><svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true"><circle cx="10" cy="10" r="7"/><path class="filled" d="M10 3a7 7 0 0 1 0 14z"/></svg></button>
</header>
<main>
<section id="overview" aria-label="Overview"></section>
<section id="findings-panel" aria-label="Findings and places" tabindex="-1">
<div class="panel-head"><div role="tablist" aria-label="Lists"><button type="button" role="tab" id="tab-findings" aria-selected="true" aria-controls="finding-list">Findings <span id="finding-count"></span></button><button type="button" role="tab" id="tab-incidents" aria-selected="false" aria-controls="incident-list" tabindex="-1" hidden>Incidents <span id="incident-count"></span></button><button type="button" role="tab" id="tab-places" aria-selected="false" aria-controls="place-list" tabindex="-1">Places</button>${model.steering ? steeringTab() : ""}</div><div id="severities" role="group" aria-label="Severities"></div></div>
<div id="finding-list" role="tabpanel" aria-labelledby="tab-findings" tabindex="0"></div>
<div id="incident-list" role="tabpanel" aria-labelledby="tab-incidents" tabindex="0" hidden></div>
<div id="place-list" role="tabpanel" aria-labelledby="tab-places" tabindex="0" hidden></div>
<div id="steering" role="tabpanel" aria-labelledby="tab-steering" tabindex="0" hidden></div>
</section>
<section id="map-panel" aria-label="Map">
<div id="map-tools"><fieldset id="measures"><legend>Colour by</legend></fieldset><div id="zoom"><button type="button" class="icon" id="zoom-in" aria-label="Zoom in">${icon("M10 4v12M4 10h12")}</button><button type="button" class="icon" id="zoom-out" aria-label="Zoom out">${icon("M4 10h12")}</button><button type="button" class="icon" id="zoom-home" aria-label="Show everything">${icon("M4 8V4h4M12 4h4v4M16 12v4h-4M8 16H4v-4")}</button></div></div>
<div id="map-frame">
<div id="map" tabindex="0" role="application" aria-label="Map of traffic by H3 cell. Arrow keys move it, plus and minus zoom, zero shows everything." aria-describedby="time-label">
<canvas></canvas><canvas></canvas><canvas></canvas>
<div id="marks" role="group" aria-label="Findings on the map"></div>
<div id="crosshair" aria-hidden="true"></div>
<div id="tooltip" role="status" hidden></div>
<p id="nothing-located" hidden>No request could be located, so there is nothing to draw.</p>
</div>
</div>
<div id="map-foot"><div id="legend" role="group" aria-label="Legend"></div><p id="credits">${credits}</p></div>
</section>
<section id="timeline" aria-label="Time">
<div class="time-head"><button type="button" id="play" class="icon" aria-label="Play">${icon("M6 4v12l10-6z")}</button><button type="button" id="whole" aria-pressed="true">Whole period</button><output id="time-label" for="time-slider"></output></div>
<div id="timeline-box"><div id="timeline-chart" title="Drag to choose a stretch of time"></div><input type="range" id="time-slider" min="0" max="0" step="1" value="0" aria-label="Time shown; with Shift, arrow keys change its end"></div>
</section>
</main>
<p id="failed" role="alert" hidden></p>
<noscript><p class="empty">This report is drawn by its own script; nothing is loaded from a network.</p></noscript>
</body>`;
}
