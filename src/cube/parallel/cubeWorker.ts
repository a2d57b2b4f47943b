// The thread that reads parts of a file and sums them up; started by a `PartPool`.
import { serveParts } from "../../read/parallel/serveParts.js";
import type { GrowingSegment } from "../segments/growingSegment.js";
import { PartCubes, type PartCubeTask } from "./partCube.js";

const free: GrowingSegment[] = [];
serveParts((told) => new PartCubes(told as PartCubeTask, free));
