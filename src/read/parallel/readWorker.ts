// The thread that reads parts of a file; started by a `PartPool`.
import { serveParts } from "./serveParts.js";

serveParts();
