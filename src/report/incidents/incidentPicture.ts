import type { IncidentTimeline } from "../../triage/timeline/timeline.js";
import type { Box } from "./mapFrame.js";
import { outlineMap } from "./outlineMap.js";
import { seriesChart } from "./seriesChart.js";
import { svgText } from "./svgText.js";

const HEIGHT = 360;
const MAP: Box = { left: 12, top: 44, width: 456, height: 304 };
const CHART: Box = { left: 540, top: 92, width: 396, height: 220 };

/**
 * An incident as one SVG: its outline on a map, by when it was known, and what was observed against what was expected.
 * Null where it has neither places nor a series.
 *
 * Throws `bad-cell` where a finding names a cell that is none.
 */
export function incidentPicture(incident: IncidentTimeline): string | null {
  const map = outlineMap(incident.outline, MAP);
  const chart = incident.chart === null ? null : seriesChart(incident, map === null ? moved(CHART) : CHART);
  if (map === null && chart === null) return null;
  const width = map !== null && chart !== null ? 960 : 480;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${HEIGHT}" width="${width}" height="${HEIGHT}" font-family="Inter, system-ui, sans-serif" font-size="11" fill="#171c22" role="img" aria-label="${svgText(incident.alert.title, 200)}">
<rect width="${width}" height="${HEIGHT}" fill="#fff"/>
<text x="12" y="27" font-size="${width > 480 ? 15 : 13}" font-weight="600">${svgText(incident.alert.title, width > 480 ? 110 : 62)}</text>
${[map, chart].filter((part) => part !== null).join("\n")}
</svg>
`;
}

const moved = (box: Box): Box => ({ ...box, left: 64 });
