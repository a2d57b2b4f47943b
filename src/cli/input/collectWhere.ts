import { parseWhere, type Where } from "../../pivot/where.js";
import { cliError } from "../errors.js";

/** Adds a `--where` to those before it; each name may have one condition. Throws `bad-where` and `bad-option`. */
export function collectWhere(text: string, before: Where): Where {
  const where = parseWhere(text);
  for (const name of Object.keys(where))
    if (name in before)
      throw cliError("bad-option", { option: "--where", value: text, expected: "one condition a name" });
  return { ...before, ...where };
}
