import { forEachLine } from "../sources/forEachLine.js";
import { type Delimiter, isOpen } from "./rowSplitter.js";

/** Longer rows are no rows: without a limit one open quote would take the rest of the file. */
const MAX_ROW = 100_000;

/**
 * Hands the rows of a text database to `take`, until that returns false, with the line that each begins on, counted from 1: lines that are neither
 * empty nor comments, those within quotes together. Throws as `forEachLine` does.
 *
 * @param delimiter - undefined where it is not known yet: commas
 */
export async function forEachRow(
  path: string,
  delimiter: Delimiter | undefined,
  take: (row: string, line: number) => unknown,
  signal?: AbortSignal,
): Promise<void> {
  let line = 0;
  let held = "";
  let heldFrom = 0;
  let isEnough = false;
  await forEachLine(
    path,
    (text) => {
      line++;
      if (held !== "") held += `\n${text}`;
      else {
        const bare = line === 1 ? text.replace(/^\uFEFF/, "") : text;
        if (/^\s*(?:#|$)/.test(bare)) return true;
        held = bare;
        heldFrom = line;
      }
      if (isOpen(held, delimiter ?? ",") && held.length < MAX_ROW) return true;
      const row = held;
      held = "";
      isEnough = take(row, heldFrom) === false;
      return !isEnough;
    },
    signal,
  );
  if (held !== "" && !isEnough) take(held, heldFrom);
}
