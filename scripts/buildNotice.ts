/** Writes dist/NOTICE: the licences of the libraries that the build puts into the package's own files. */
import { writeFileSync } from "node:fs";
import { licences, withDependencies } from "./licences.js";

const BUNDLED = ["@turf/simplify", "@turf/union", "fflate"];

const intro = "geopivot's files contain code of these libraries (those of the report's page are named in it):";
writeFileSync("dist/NOTICE", `${intro}\n\n${licences(withDependencies(BUNDLED))}\n`);
