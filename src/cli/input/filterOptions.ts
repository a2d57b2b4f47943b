import { InvalidArgumentError, Option } from "commander";
import { EventFilter } from "../../cube/build/eventFilter.js";

/** The values of `--where` and `--exclude`. */
export interface FilterOptions {
  readonly where?: readonly string[];
  readonly exclude?: readonly string[];
}

/** `--where` and `--exclude`: which requests count. */
export function filterOptions(): Option[] {
  const what = "path, user, agent, network (AS3320, a name, a tag, 10.0.0.0/8), ip, country or any dimension";
  return [
    new Option(
      "--where <condition>",
      `only requests that meet it, as 'path=/api/*' or 'user!=a|b' (${what}); repeat it for more`,
    ).argParser(condition),
    new Option("--exclude <condition>", "no requests that meet it; repeat it for more").argParser(condition),
  ];
}

/** The conditions given, as the library takes them. */
export const filterOf = ({ where, exclude }: FilterOptions): FilterOptions => ({
  ...(where && { where }),
  ...(exclude && { exclude }),
});

function condition(text: string, before: readonly string[] = []): readonly string[] {
  try {
    new EventFilter({ where: [text] });
  } catch (error) {
    throw new InvalidArgumentError(`${(error as Error).message}.`);
  }
  return [...before, text];
}
