import type { ReportFinding, ReportModel } from "../../page/reportModel.js";
import { html, svg } from "../dom.js";
import { findingFigure, findingPlace } from "../findingWords.js";
import { severityClass } from "../severity.js";
import { listedFindings } from "../state/listed.js";
import type { Store } from "../state/store.js";
import { type Box, placeLabels } from "./labelPlaces.js";
import type { MapView } from "./mapView.js";

/** The map has no more marks than these; the list has the others. */
const MOST_MARKS = 60;
/** Rings are no smaller than a finger can find, and give way to the outline where they would fill the map. */
const SMALLEST_RADIUS = 9;
const LARGEST_RADIUS = 90;
/** Room between what a ring is about and the ring. */
const AROUND = 5;

interface Mark {
  readonly index: number;
  readonly button: HTMLButtonElement;
  readonly circles: readonly SVGCircleElement[];
  readonly leader: SVGLineElement;
  readonly label: HTMLElement;
  /** Width of the label, measured once it is there. */
  width: number;
}

/**
 * A ring around each listed finding in the colour of its severity, with its place and how bad it is beside it: where, and
 * how bad, without a click. Rings are buttons; the Tab key reaches one of them, arrow keys the others.
 */
export function mountMarks(box: HTMLElement, map: MapView, model: ReportModel, store: Store): void {
  const marks = model.findings.flatMap((finding, i) => (map.placeOf(finding) ? [markOf(finding, i, store)] : []));
  box.append(...marks.map(({ button }) => button));
  const shown = (): Mark[] => {
    const listed = new Set(listedFindings(model, store.state));
    return marks.filter(({ index }) => listed.has(index)).slice(0, MOST_MARKS);
  };
  const place = (): void => {
    const visible = store.state.steering === null ? shown() : [];
    for (const mark of marks) mark.button.hidden = !visible.includes(mark);
    map.reserve(placeMarks(visible, map, model));
  };
  store.listen(({ finding, pointed }, changed) => {
    if (changed("severities") || changed("steering")) place();
    if (!changed("finding") && !changed("pointed")) return;
    box.classList.toggle("has-selected", finding !== null);
    for (const { button, index } of marks) {
      button.classList.toggle("selected", index === finding);
      button.classList.toggle("pointed", index === pointed);
      button.setAttribute("aria-pressed", String(index === finding));
    }
    rove(shown(), finding);
  });
  map.listen(place);
  box.addEventListener("keydown", (event) => moveFocus(event, shown()));
}

function markOf(finding: ReportFinding, index: number, store: Store): Mark {
  const severity = severityClass(finding.severity);
  const circle = (name: string): SVGCircleElement => svg("circle", { class: name });
  const circles = [circle("halo"), circle("tone"), circle("grip")];
  const leader = svg("line", { class: "leader" });
  const ring = svg("svg", { class: "ring", "aria-hidden": "true" }, leader, ...circles);
  const place = findingPlace(finding);
  const figure = findingFigure(finding);
  const label = html(
    "span",
    { class: "pin-label" },
    place,
    figure !== "" && " ",
    figure !== "" && html("b", {}, figure),
  );
  const button = html(
    "button",
    {
      type: "button",
      class: `pin ${severity}${finding.endMs === null ? " lasting" : ""}`,
      "aria-label": `${[place, figure].filter((text) => text !== "").join(" ")}, ${severity}: ${finding.title}`,
      "aria-pressed": "false",
      tabindex: -1,
    },
    ring,
    label,
  );
  const point = (pointed: number | null) => () => store.set({ pointed });
  button.addEventListener("click", () => store.set({ finding: store.state.finding === index ? null : index }));
  button.addEventListener("pointerenter", point(index));
  button.addEventListener("pointerleave", point(null));
  button.addEventListener("focus", point(index));
  button.addEventListener("blur", point(null));
  return { index, button, circles, leader, label, width: 0 };
}

/** Puts rings where their findings are and labels beside them; gives the boxes that are taken. */
function placeMarks(marks: readonly Mark[], map: MapView, model: ReportModel): Box[] {
  const { width, height } = map.camera;
  const rings = marks.map(({ index }): Ring => {
    const { x, y, radius, land } = map.placeOf(model.findings[index]!)!;
    const isLandSmall =
      land !== null && land[2] - land[0] < 2 * LARGEST_RADIUS && land[3] - land[1] < 2 * LARGEST_RADIUS;
    const ring = Math.max(SMALLEST_RADIUS, radius + AROUND);
    const reach = Math.min(ring, LARGEST_RADIUS);
    const around: Box = [x - reach, y - reach, x + reach, y + reach];
    return { x, y, radius: ring, box: isLandSmall ? unionOf(land, around) : around };
  });
  marks.forEach((mark, i) => {
    const { x, y, radius } = rings[i]!;
    mark.button.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
    for (const circle of mark.circles) {
      circle.style.display = radius > LARGEST_RADIUS ? "none" : "";
      circle.setAttribute("r", radius.toFixed(1));
    }
    mark.width ||= mark.label.offsetWidth;
  });
  const wanted = marks.map((mark, i) => ({ box: rings[i]!.box, width: mark.width }));
  const labels = placeLabels(wanted, width, height);
  for (const [i, label] of labels.entries()) placeLabel(marks[i]!, label, rings[i]!);
  return [...rings.map(({ box }) => box), ...labels.filter((label): label is Box => label !== null)];
}

interface Ring {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** What labels keep clear of: the ring, and the country that the finding is about. */
  readonly box: Box;
}

function unionOf(a: Box, b: Box): Box {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

/** Puts a label in its place, with a line to its ring where that is not next to it. */
function placeLabel({ label: element, leader }: Mark, label: Box | null, ring: Ring): void {
  element.style.visibility = label ? "" : "hidden";
  leader.style.display = "none";
  if (!label) return;
  const [left, top, right, bottom] = [label[0] - ring.x, label[1] - ring.y, label[2] - ring.x, label[3] - ring.y];
  element.style.transform = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)`;
  const [x, y] = [Math.max(left, Math.min(right, 0)), Math.max(top, Math.min(bottom, 0))];
  const distance = Math.hypot(x, y);
  if (distance < ring.radius + 8) return;
  leader.style.display = "";
  const ends = { x1: (x * ring.radius) / distance, y1: (y * ring.radius) / distance, x2: x, y2: y };
  for (const [name, value] of Object.entries(ends)) leader.setAttribute(name, value.toFixed(1));
}

/** One of the rings is reached by the Tab key: the selected one, or the first. */
function rove(marks: readonly Mark[], selected: number | null): void {
  const target = marks.find(({ index }) => index === selected) ?? marks[0];
  for (const mark of marks) mark.button.tabIndex = mark === target ? 0 : -1;
}

function moveFocus(event: KeyboardEvent, marks: readonly Mark[]): void {
  const at = marks.findIndex(({ button }) => button === event.target);
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (at < 0 || by === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  const next = marks[(at + by + marks.length) % marks.length]!;
  for (const mark of marks) mark.button.tabIndex = mark === next ? 0 : -1;
  next.button.focus();
}
