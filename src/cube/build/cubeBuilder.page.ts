import { optionError } from "../../core/options/optionError.js";
import type { CubeParts } from "../cubeParts.js";
import type { Segment } from "../segments/segment.js";
import { SegmentLog } from "../segments/segmentLog.js";

/** Stands for `cubeBuilder.ts` where a page has saved cubes: it answers what a cube is asked, and takes no events. */
export class CubeBuilder {
  readonly segment: Segment;
  readonly firstTimeMs: number;
  readonly lastTimeMs: number;
  readonly outside: number;
  readonly memoryBytes: number;

  constructor({ segment, firstTimeMs, lastTimeMs, outside, places, clients }: CubeParts) {
    this.segment = segment;
    this.firstTimeMs = firstTimeMs;
    this.lastTimeMs = lastTimeMs;
    this.outside = outside;
    this.memoryBytes = new SegmentLog(segment).memoryBytes + places.memoryBytes + clients.memoryBytes;
  }

  add(): never {
    throw noEvents();
  }

  addSummed(): never {
    throw noEvents();
  }

  take(): never {
    throw noEvents();
  }

  expect(): void {}
}

const noEvents = () =>
  optionError("not-in-browser", {
    call: "adding events to a cube",
    instead: "build it with geopivot and load what it saves",
  });
