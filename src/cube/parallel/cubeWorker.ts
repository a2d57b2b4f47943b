// The thread that reads parts of a file and sums them up; started by a `PartPool`.
import { serveParts } from "../../read/parallel/serveParts.js";
import { PartCubes, type PartCubeTask } from "./partCube.js";

serveParts((told) => new PartCubes(told as PartCubeTask));
