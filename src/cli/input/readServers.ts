import { readFile } from "node:fs/promises";
import type { CatalogueEntry } from "../../grid/regions/catalogue.js";
import { cliError } from "../errors.js";

/** The catalogue that `--servers` names; read before the log, so that a wrong file is told at once. */
export async function readServers(path: string): Promise<CatalogueEntry[]> {
  const { readCatalogue } = await import("../../grid/regions/catalogue.js");
  const servers = readCatalogue(await readFile(path, "utf8"));
  if (servers.length > 0) return servers;
  throw cliError("bad-option", { option: "--servers", value: path, expected: "servers with name, lat and lon" });
}
