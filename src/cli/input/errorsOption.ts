import { InvalidArgumentError, Option } from "commander";

/** `--errors 5xx,429,404`: which statuses count as errors. */
export function errorsOption(): Option {
  return new Option(
    "--errors <statuses>",
    "statuses that count as errors, as 5xx,429 or 400-404,500-599 (default: 5xx)",
  ).argParser(parseStatuses);
}

/** Codes, classes and ranges, each once and ascending. */
export function parseStatuses(text: string): readonly number[] {
  const statuses = text.split(",").flatMap((part) => {
    const [first, last] = boundsOf(part.trim());
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
  return [...new Set(statuses)].sort((a, b) => a - b);
}

function boundsOf(part: string): readonly [first: number, last: number] {
  const klass = /^([1-5])xx$/i.exec(part);
  if (klass !== null) return [100 * Number(klass[1]), 100 * Number(klass[1]) + 99];
  const [, first, last = first] = /^([1-9]\d\d)(?:-([1-9]\d\d))?$/.exec(part) ?? [];
  if (first === undefined || Number(last) < Number(first))
    throw new InvalidArgumentError(
      `expected statuses, classes and ranges such as 5xx,429,400-404, found ${JSON.stringify(part)}.`,
    );
  return [Number(first), Number(last)];
}
