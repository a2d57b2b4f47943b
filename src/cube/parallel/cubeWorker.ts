// The thread that reads parts of a file and sums them up; started by a `ChunkScheduler`.
import { serveChunks } from "../../read/parallel/serveChunks.js";
import type { SegmentBuffer } from "../segments/segmentBuffer.js";
import { PartCubes, type PartCubeTask } from "./chunkCube.js";

const free: SegmentBuffer[] = [];
serveChunks((told) => new PartCubes(told as PartCubeTask, free));
