// The thread that reads parts of a file; started by a `ChunkScheduler`.
import { serveChunks } from "./serveChunks.js";

serveChunks();
