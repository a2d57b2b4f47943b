import { readdirSync, readFileSync } from "node:fs";

/** The licences of packages, each text once, under the names of those that it is of. */
export function licences(packages: readonly string[]): string {
  const byText = new Map<string, string[]>();
  for (const name of [...new Set(packages)].sort()) {
    const folder = `node_modules/${name}`;
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? readFileSync(`${folder}/${file}`, "utf8").trim() : manifest(name).license;
    byText.set(text, [...(byText.get(text) ?? []), name]);
  }
  return [...byText].map(([text, names]) => `${names.join(", ")}:\n${text}`).join("\n\n");
}

/** Packages with all that they depend on. */
export function withDependencies(packages: readonly string[]): string[] {
  const all = new Set<string>();
  const add = (name: string): void => {
    if (all.has(name) || name.startsWith("@types/")) return;
    all.add(name);
    for (const dependency of Object.keys(manifest(name).dependencies ?? {})) add(dependency);
  };
  for (const name of packages) add(name);
  return [...all];
}

function manifest(name: string): {
  readonly license: string;
  readonly dependencies?: Readonly<Record<string, string>>;
} {
  return JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8"));
}
