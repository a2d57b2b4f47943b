import { cellsToGeoJson } from "../../grid/outlines/cellsToGeoJson.js";
import { atlasCountries } from "../../grid/regions/atlasCountries.js";
import { timeText } from "../../triage/payloads/alertLines.js";
import type { OutlineStep } from "../../triage/timeline/timeline.js";
import { type Box, type LonLatRing, type MapFrame, mapFrame } from "./mapFrame.js";
import { at, pathOf, svgText } from "./svgText.js";

/** From what was known first to what was known last. */
const FILLS: readonly string[] = ["#7f0f1f", "#b8232f", "#dc5a45", "#ef8f6b", "#f7bf98"];

/** How the outline grew on a map of countries, as SVG; null where nothing is located. Throws `bad-cell`. */
export function outlineMap(steps: readonly OutlineStep[], box: Box): string | null {
  const drawn = mergedSteps(steps).map((step) => ({ ...step, rings: ringsOf(step.added) }));
  const rings = drawn.flatMap((step) => step.rings);
  if (rings.length === 0) return null;
  const frame = mapFrame(rings, box);
  const areas = drawn.map(
    ({ rings: own }, i) => `<path d="${ringPaths(own, frame)}" fill="${fillOf(i, drawn.length)}"/>`,
  );
  const { left, top, width, height } = box;
  return [
    `<clipPath id="map"><rect x="${left}" y="${top}" width="${width}" height="${height}" rx="6"/></clipPath>`,
    `<g clip-path="url(#map)"><rect x="${left}" y="${top}" width="${width}" height="${height}" fill="#dde7ee"/>`,
    `<path d="${countryPaths(frame)}" fill="#f7f7f4" stroke="#a9b4bd" stroke-width=".7" fill-rule="evenodd"/>`,
    `<g fill-opacity=".78" stroke="#5c0b17" stroke-width=".6" fill-rule="evenodd">${areas.join("")}</g></g>`,
    legend(drawn, box),
  ].join("\n");
}

interface DrawnStep {
  readonly atMs: number;
  readonly added: readonly string[];
}

/** What each step adds; of many steps those in the middle are joined, as there are so many colours. */
function mergedSteps(steps: readonly OutlineStep[]): DrawnStep[] {
  const seen = new Set<string>();
  const added = steps.map(({ atMs, cells }): DrawnStep => {
    const fresh = cells.filter((cell) => !seen.has(cell));
    for (const cell of fresh) seen.add(cell);
    return { atMs, added: fresh };
  });
  const some = added.filter((step) => step.added.length > 0);
  const most = FILLS.length;
  if (some.length <= most) return some;
  const last = some.slice(most - 1);
  return [...some.slice(0, most - 1), { atMs: last.at(-1)!.atMs, added: last.flatMap((step) => step.added) }];
}

const fillOf = (i: number, count: number): string =>
  FILLS[count < 2 ? 1 : Math.round((i * (FILLS.length - 1)) / (count - 1))]!;

function ringsOf(cells: readonly string[]): LonLatRing[] {
  return cellsToGeoJson(cells).coordinates.flat();
}

function ringPaths(rings: readonly LonLatRing[], frame: MapFrame, apart?: number): string {
  const points = (ring: LonLatRing) => ring.map(([lon, lat]) => nearBox(lon!, lat!, frame));
  return rings.map((ring) => pathOf(points(ring), true, apart)).join("");
}

/** What is farther out than the box is wide is drawn there: most of a large country, and nobody sees it. */
function nearBox(lon: number, lat: number, { project, left, top, width, height }: MapFrame): readonly [number, number] {
  const [x, y] = project(lon, lat);
  return [Math.max(left - width, Math.min(left + 2 * width, x)), Math.max(top - height, Math.min(top + 2 * height, y))];
}

function countryPaths(frame: MapFrame): string {
  const rings = atlasCountries().flatMap(({ shape }) => shape.flat() as unknown as LonLatRing[]);
  return ringPaths(rings.filter(frame.shows), frame, 1.2);
}

function legend(steps: readonly DrawnStep[], { left, top, height }: Box): string {
  const rows = steps.map(({ atMs }, i) => {
    const y = top + height - 14 - 16 * (steps.length - 1 - i);
    const fill = fillOf(i, steps.length);
    return `<rect x="${left + 10}" y="${at(y - 9)}" width="11" height="11" fill="${fill}"/><text x="${left + 26}" y="${at(y)}">${svgText(`known by ${timeText(atMs)}`, 60)}</text>`;
  });
  const box = `<rect x="${left + 4}" y="${at(top + height - 14 - 16 * steps.length + 2)}" width="212" height="${16 * steps.length + 8}" rx="4" fill="#fff" fill-opacity=".85"/>`;
  return `<g>${box}${rows.join("")}</g>`;
}
