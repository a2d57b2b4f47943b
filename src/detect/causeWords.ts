import { countryName } from "../grid/countries.js";
import type { Cause } from "./finding.js";

/** A cause's values in words: "Germany", "version 4.3.0"; and what it is told without: "but not method HEAD". */
export function causeWords({ slice, except = {} }: Pick<Cause, "slice" | "except">): string[] {
  const word = (name: string, value: string): string => (name === "country" ? countryName(value) : `${name} ${value}`);
  const excepted = Object.entries(except).map(([name, values]) => {
    const [first, ...others] = values;
    return `but not ${[word(name, first!), ...others.map((value) => (name === "country" ? countryName(value) : value))].join(", ")}`;
  });
  return [...Object.entries(slice).map(([name, value]) => word(name, value)), ...excepted];
}
