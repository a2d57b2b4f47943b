import type { ReportFinding, ReportLevel, ReportModel } from "../../page/reportModel.js";
import type { Frames } from "../frames.js";
import { measureOf } from "../measures.js";
import { severityClass } from "../severity.js";
import { listedFindings } from "../state/listed.js";
import type { Store } from "../state/store.js";
import type { BaseMap } from "./baseMap.js";
import { type Bounds, Camera, keptOnWorld, latitudeTerms, type View, viewOf } from "./camera.js";
import { CellLayer } from "./cellLayer.js";
import { type ColourScale, colourScale } from "./colourScale.js";
import { Highlights } from "./highlight.js";
import type { Box } from "./labelPlaces.js";
import { MAP_COLOURS, type MapColours } from "./palette.js";
import { SteeringLayer } from "./steeringLayer.js";

const FLIGHT_MS = 700;
/** Opacity of the other findings while one is selected. */
const BESIDE_SELECTED = 0.45;

/** A cell that the reader points at. */
export interface HoveredCell {
  readonly level: ReportLevel;
  readonly cell: number;
}

/** Where a finding is on the screen: a point, how far it reaches, and the country that it is about as a whole. */
export interface FindingPlace {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly land: Box | null;
}

/** The map: three canvases (ground, cells, names and marks), so that a new frame leaves the ground as it is. */
export class MapView {
  readonly #model: ReportModel;
  readonly #store: Store;
  readonly #frames: Frames;
  readonly #baseMap: BaseMap;
  readonly #layer: CellLayer;
  readonly #highlights: Highlights;
  readonly #steering: SteeringLayer | null;
  readonly #canvases: readonly HTMLCanvasElement[];
  readonly #scales = new Map<string, ColourScale>();
  readonly #listeners: (() => void)[] = [];
  #camera: Camera;
  #hovered: HoveredCell | null = null;
  #mapChanged = true;
  #scheduled = false;
  #flight = 0;
  #reserved: readonly Box[] = [];

  constructor(box: HTMLElement, model: ReportModel, store: Store, frames: Frames, baseMap: BaseMap) {
    this.#model = model;
    this.#store = store;
    this.#frames = frames;
    this.#baseMap = baseMap;
    this.#highlights = new Highlights(baseMap);
    this.#layer = new CellLayer(model.levels);
    this.#steering = model.steering && new SteeringLayer(model.steering);
    this.#canvases = [...box.querySelectorAll("canvas")];
    this.#camera = new Camera({ lon: 10, lat: 20, zoom: 1 }, box.clientWidth, box.clientHeight);
    this.#camera = new Camera(this.home(), box.clientWidth, box.clientHeight);
    new ResizeObserver(() => this.#resize(box.clientWidth, box.clientHeight)).observe(box);
    this.#resize(box.clientWidth, box.clientHeight);
    store.listen((_, changed) => this.#invalidate(changed("theme")));
  }

  get camera(): Camera {
    return this.#camera;
  }

  get hovered(): HoveredCell | null {
    return this.#hovered;
  }

  /** The level that is drawn now. */
  get level(): ReportLevel | undefined {
    return this.#layer.levelAt(this.#camera);
  }

  /** The colours in use for the level drawn now. */
  get scale(): ColourScale | null {
    const { state } = this.#store;
    const level = this.level;
    if (!level) return null;
    const measure = measureOf(state.measure);
    const width = state.range && state.range[1] - state.range[0];
    const key = [measure.id, level.resolution, width, state.theme].join();
    let scale = this.#scales.get(key);
    if (!scale) {
      scale = colourScale(measure, this.#frames.domain(level, measure, width), state.theme);
      this.#scales.set(key, scale);
    }
    return scale;
  }

  /** Calls back after each move of the camera and each change of what is hovered. */
  listen(listener: () => void): void {
    this.#listeners.push(listener);
  }

  hover(cell: HoveredCell | null): void {
    if (cell?.cell === this.#hovered?.cell && cell?.level === this.#hovered?.level) return;
    this.#hovered = cell;
    this.#invalidate(false);
    this.#tell();
  }

  /** The cell at a pixel, or null. */
  cellAt(x: number, y: number): HoveredCell | null {
    const level = this.level;
    const point = this.#camera.invert(x, y);
    if (!level || !point) return null;
    const cell = this.#layer.cellAt(level, point[0], point[1]);
    return cell < 0 ? null : { level, cell };
  }

  /** Looks somewhere else at once. */
  look(view: View): void {
    cancelAnimationFrame(this.#flight);
    const { width, height } = this.#camera;
    this.#camera = new Camera(keptOnWorld(view, width, height), width, height);
    this.#invalidate(true);
    this.#tell();
  }

  /** Flies somewhere, out and in again where it is far; at once for those who prefer less motion. */
  fly(target: View): void {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.look(target);
      return;
    }
    const from = this.#camera.view;
    const turn = ((((target.lon - from.lon + 180) % 360) + 360) % 360) - 180;
    const far = Math.hypot(turn, target.lat - from.lat) / (360 / Math.min(from.zoom, target.zoom));
    const dip = Math.min(1.5, Math.max(0, Math.log2(far * 4)));
    const began = performance.now();
    const step = (now: number): void => {
      const t = Math.min(1, (now - began) / FLIGHT_MS);
      const eased = t < 0.5 ? 4 * t ** 3 : 1 - (2 - 2 * t) ** 3 / 2;
      const zoom = Math.log2(from.zoom) + eased * Math.log2(target.zoom / from.zoom) - dip * Math.sin(Math.PI * eased);
      this.look({ lon: from.lon + eased * turn, lat: from.lat + eased * (target.lat - from.lat), zoom: 2 ** zoom });
      if (t < 1) this.#flight = requestAnimationFrame(step);
    };
    cancelAnimationFrame(this.#flight);
    this.#flight = requestAnimationFrame(step);
  }

  /** The view of everything: the cells with traffic, or the world. */
  home(): View {
    const level = this.#model.levels[0];
    if (!level || level.lat.length === 0) return { lon: 10, lat: 20, zoom: 1 };
    const points = this.#model.findings.flatMap((finding) => [...finding.rings.flat(), ...stops(finding)]);
    return this.#viewOf(boundsAround([...level.outline, ...points]), 12);
  }

  /** The view of a finding: its outline, with room around it for what it is compared with. */
  viewOfFinding(finding: ReportFinding): View | null {
    const hasPlace = finding.rings.length > 0 || finding.path.length > 0;
    const lands = finding.countries.flatMap((code) => this.#baseMap.mainland(code) ?? []);
    const corners = lands.flatMap(({ west, east, south, north }) => [west, south, east, north]);
    if (hasPlace) return this.#viewOf(boundsOfFinding(finding, corners), 24);
    return finding.centroid && { ...finding.centroid, zoom: 6 };
  }

  /** Where a finding is on the screen and how far it reaches, in pixels; null where it is nowhere. */
  placeOf(finding: ReportFinding): FindingPlace | null {
    const { centroid, countries, path } = finding;
    const point = path[path.length - 1] ?? (countries.length > 0 || finding.rings.length === 0 ? centroid : null);
    if (point) {
      const [x, y] = this.#camera.project(point.lon, point.lat);
      return {
        x,
        y,
        radius: 0,
        land: countries.length === 1 ? this.#boxOf(this.#baseMap.mainland(countries[0]!)) : null,
      };
    }
    if (finding.rings.length === 0) return null;
    const [left, top, right, bottom] = this.#boxOf(boundsOfFinding(finding))!;
    const radius = 0.85 * Math.hypot((right - left) / 2, (bottom - top) / 2);
    return { x: (left + right) / 2, y: (top + bottom) / 2, radius, land: null };
  }

  /** The rectangle of the screen that a box of longitudes and latitudes takes, on the copy of the world in view. */
  #boxOf(bounds: Bounds | null): Box | null {
    if (bounds === null) return null;
    const { west, east, south, north } = bounds;
    const [x] = this.#camera.project((west + east) / 2, (south + north) / 2);
    const edges = [south, north].map(latitudeTerms);
    const half = Math.max(...edges.map((terms) => ((east - west) / 2) * this.#camera.stretch(terms)));
    return [x - half, this.#camera.y(edges[1]!), x + half, this.#camera.y(edges[0]!)];
  }

  /** Keeps names of countries off these boxes. */
  reserve(boxes: readonly Box[]): void {
    this.#reserved = boxes;
    this.#invalidate(false);
  }

  #viewOf(bounds: Bounds, maxZoom: number): View {
    return viewOf(bounds, this.#camera.width, this.#camera.height, maxZoom);
  }

  #resize(width: number, height: number): void {
    const ratio = Math.min(devicePixelRatio || 1, 2.5);
    for (const canvas of this.#canvases) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      canvas.getContext("2d")?.setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    this.#camera = new Camera(this.#camera.view, width, height);
    this.#invalidate(true);
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #invalidate(mapChanged: boolean): void {
    this.#mapChanged ||= mapChanged;
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    this.#scheduled = false;
    const [ground, cells, top] = this.#canvases.map((canvas) => canvas.getContext("2d")!);
    const colours = MAP_COLOURS[this.#store.state.theme];
    if (this.#mapChanged) {
      this.#clear(ground!);
      this.#baseMap.drawGround(ground!, this.#camera, colours);
    }
    this.#mapChanged = false;
    this.#clear(cells!);
    this.#drawCells(cells!);
    this.#clear(top!);
    this.#drawMarks(top!, colours);
    const isSteering = this.#store.state.steering !== null;
    const named = new Set(isSteering ? [] : this.#listed().flatMap(({ countries }) => countries));
    this.#baseMap.drawLabels(top!, this.#camera, colours, this.#reserved, named);
  }

  #drawCells(context: CanvasRenderingContext2D): void {
    const { state } = this.#store;
    if (state.steering && this.#steering) {
      this.#steering.drawCells(context, this.#camera, state.steering);
      return;
    }
    const level = this.level;
    const scale = this.scale;
    if (!level || !scale) return;
    const colours = MAP_COLOURS[state.theme].severity;
    for (const finding of this.#listed())
      this.#highlights.fill(context, this.#camera, finding, colours[severityClass(finding.severity)]);
    const measure = measureOf(state.measure);
    const values = this.#frames.at(level, measure, state.range);
    this.#layer.draw(context, this.#camera, level, values, measure, scale);
  }

  /** The findings that are listed, the mildest first, so that the gravest are drawn over them. */
  #listed(): ReportFinding[] {
    return listedFindings(this.#model, this.#store.state)
      .map((i) => this.#model.findings[i]!)
      .reverse();
  }

  /** The outlines of findings, strongest of the one selected or pointed at, and of the cell under the pointer. */
  #drawMarks(context: CanvasRenderingContext2D, colours: MapColours): void {
    const { finding: selected, pointed, steering } = this.#store.state;
    if (steering && this.#steering) {
      this.#steering.drawServers(context, this.#camera, steering, colours);
      return;
    }
    const strong = [selected, pointed].flatMap((i) => (i === null ? [] : [this.#model.findings[i]!]));
    context.globalAlpha = selected === null ? 1 : BESIDE_SELECTED;
    for (const finding of this.#listed())
      if (!strong.includes(finding)) this.#highlights.draw(context, this.#camera, finding, colours, false);
    context.globalAlpha = 1;
    for (const finding of strong) this.#highlights.draw(context, this.#camera, finding, colours, true);
    if (!this.#hovered || this.#hovered.level !== this.level) return;
    context.strokeStyle = colours.hover;
    context.lineWidth = 1.5;
    this.#layer.outline(context, this.#camera, this.#hovered.level, this.#hovered.cell);
  }

  #clear(context: CanvasRenderingContext2D): void {
    context.clearRect(0, 0, this.#camera.width, this.#camera.height);
  }
}

function stops({ path }: ReportFinding): number[] {
  return path.flatMap(({ lon, lat }) => [lon, lat]);
}

function boundsOfFinding(finding: ReportFinding, more: readonly number[] = []): Bounds {
  return boundsAround([...finding.rings.flat(), ...stops(finding), ...more]);
}

/** The smallest box around longitude, latitude pairs; it crosses the antimeridian where that makes it smaller. */
export function boundsAround(points: ArrayLike<number>): Bounds {
  const lons: number[] = [];
  let [south, north] = [90, -90];
  for (let i = 0; i < points.length; i += 2) {
    lons.push(((((points[i]! + 180) % 360) + 360) % 360) - 180);
    south = Math.min(south, points[i + 1]!);
    north = Math.max(north, points[i + 1]!);
  }
  lons.sort((a, b) => a - b);
  let widest = lons[0]! + 360 - lons[lons.length - 1]!;
  let [west, east] = [lons[0]!, lons[lons.length - 1]!];
  for (let i = 1; i < lons.length; i++) {
    if (lons[i]! - lons[i - 1]! <= widest) continue;
    widest = lons[i]! - lons[i - 1]!;
    [west, east] = [lons[i]!, lons[i - 1]! + 360];
  }
  return { west, east, south, north };
}
