import { readFile } from "node:fs/promises";
import { isGeopivotError } from "../../core/errors.js";
import { parseOutageEvents } from "../../triage/opinion/parseOutageEvents.js";
import { secondOpinion } from "../../triage/opinion/secondOpinion.js";
import type { TriageOptions } from "../../triage/triage.js";
import { cliError } from "../errors.js";

/** Whom to ask of findings: outages that others saw, in the file that `--events` names; nobody where it names none. */
export async function readOutageEvents(path: string | undefined): Promise<Pick<TriageOptions, "secondOpinion">> {
  if (path === undefined) return {};
  const text = await readFile(path, "utf8");
  try {
    return { secondOpinion: secondOpinion(parseOutageEvents(text)) };
  } catch (error) {
    if (!isGeopivotError(error)) throw error;
    throw cliError("bad-file", { path, why: error.message }, error);
  }
}
