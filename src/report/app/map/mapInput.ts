import type { MapView } from "./mapView.js";

const WHEEL_STEP = 1 / 500;
const KEY_STEP_PX = 80;
const KEY_FACTOR = 1.6;
/** A press that moves less than this is a click. */
const CLICK_PX = 4;

type Point = readonly [x: number, y: number];

/** Moves the map by mouse, finger and keyboard. */
export function listenToMap(box: HTMLElement, map: MapView, onClick: (x: number, y: number) => void): void {
  listenToPointers(box, map, onClick);
  box.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const pixels = event.deltaY * (event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1);
      const at = place(box, event);
      map.look(map.camera.moved(at, at, 2 ** (-pixels * WHEEL_STEP * (event.ctrlKey ? 6 : 1))));
    },
    { passive: false },
  );
  box.addEventListener("dblclick", (event) => {
    const at = place(box, event);
    map.fly(map.camera.moved(at, at, event.shiftKey ? 0.5 : 2));
  });
  box.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target !== box) return;
    if (pressed(map, event.key)) event.preventDefault();
  });
}

/** Zooms about the middle of the map. */
export function zoomBy(map: MapView, factor: number): void {
  const middle: Point = [map.camera.width / 2, map.camera.height / 2];
  map.fly(map.camera.moved(middle, middle, factor));
}

function pressed(map: MapView, key: string): boolean {
  const pan = (dx: number, dy: number): void => {
    const middle: Point = [map.camera.width / 2, map.camera.height / 2];
    map.look(map.camera.moved(middle, [middle[0] + dx, middle[1] + dy]));
    map.hover(map.cellAt(...middle));
  };
  const actions: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => pan(KEY_STEP_PX, 0),
    ArrowRight: () => pan(-KEY_STEP_PX, 0),
    ArrowUp: () => pan(0, KEY_STEP_PX),
    ArrowDown: () => pan(0, -KEY_STEP_PX),
    "+": () => zoomBy(map, KEY_FACTOR),
    "=": () => zoomBy(map, KEY_FACTOR),
    "-": () => zoomBy(map, 1 / KEY_FACTOR),
    "0": () => map.fly(map.home()),
    Home: () => map.fly(map.home()),
  };
  actions[key]?.();
  return key in actions;
}

function listenToPointers(box: HTMLElement, map: MapView, onClick: (x: number, y: number) => void): void {
  const down = new Map<number, Point>();
  let travelled = 0;
  box.addEventListener("pointerdown", (event) => {
    const isOnMark = event.target instanceof Element && event.target.closest(".pin") !== null;
    if (event.button !== 0 || isOnMark) return;
    if (down.size === 0) travelled = 0;
    down.set(event.pointerId, place(box, event));
    box.setPointerCapture(event.pointerId);
    box.classList.add("dragging");
  });
  box.addEventListener("pointermove", (event) => {
    const to = place(box, event);
    const from = down.get(event.pointerId);
    if (!from) {
      if (event.pointerType === "mouse") map.hover(map.cellAt(...to));
      return;
    }
    travelled += Math.hypot(to[0] - from[0], to[1] - from[1]);
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    down.set(event.pointerId, to);
    if (travelled < CLICK_PX) return;
    map.look(other ? pinched(map, from, to, other) : map.camera.moved(from, to));
  });
  const release = (event: PointerEvent): void => {
    const at = down.get(event.pointerId);
    down.delete(event.pointerId);
    if (down.size === 0) box.classList.remove("dragging");
    if (at && event.type === "pointerup" && travelled < CLICK_PX) onClick(...at);
  };
  box.addEventListener("pointerup", release);
  box.addEventListener("pointercancel", release);
  box.addEventListener("pointerleave", () => down.size === 0 && map.hover(null));
}

/** One of two fingers moved: zoom by how their distance changed, and keep what lies between them there. */
function pinched(map: MapView, from: Point, to: Point, other: Point) {
  const between = (a: Point, b: Point): Point => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  const apart = (a: Point, b: Point): number => Math.max(10, Math.hypot(a[0] - b[0], a[1] - b[1]));
  return map.camera.moved(between(from, other), between(to, other), apart(to, other) / apart(from, other));
}

function place(box: HTMLElement, event: MouseEvent): Point {
  const { left, top } = box.getBoundingClientRect();
  return [event.clientX - left, event.clientY - top];
}
