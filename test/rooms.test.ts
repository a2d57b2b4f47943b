import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

/** The rooms in their order: each imports only from itself and from those before it. */
const ROOMS = [
  "core",
  "stats",
  "locate",
  "grid",
  "read",
  "cube",
  "pivot",
  "explain",
  "detect",
  "triage",
  "steer",
  "engine",
  "report",
  "monitor",
  "simulate",
  "cli",
];

/** Libraries that only the named rooms may import. */
const ONLY_IN: readonly [library: RegExp, rooms: readonly string[]][] = [
  [/^maxmind$|^mmdb-lib$/, ["locate"]],
  [/^h3-js$|^@turf\//, ["grid"]],
  [/^arquero$/, ["pivot"]],
  [/^@uwdata\/flechette$/, ["read", "cube", "pivot", "engine"]],
  [/^yaml$|^ajv$/, ["triage"]],
  [/^d3-geo-voronoi$/, ["steer"]],
  [/^@clickhouse\/client|^@duckdb\/|^chdb/, ["engine"]],
  [/^@opentelemetry\/api$/, ["monitor"]],
  [/^commander$|^cli-progress$/, ["cli"]],
];

const imports = sources().flatMap((file) => importsOf(file).map((target) => ({ file, target })));

test("a room imports only from itself and from rooms above it", () => {
  const upward = imports.filter(({ file, target }) => {
    if (!target.startsWith(".")) return false;
    const from = roomOf(file);
    const to = roomOf(join(dirname(file), target));
    return from !== "" && ROOMS.indexOf(to) > ROOMS.indexOf(from);
  });
  expect(upward).toEqual([]);
});

test("every room is in the order", () => {
  const rooms = new Set(sources().map(roomOf));
  rooms.delete("");
  expect([...rooms].filter((room) => !ROOMS.includes(room))).toEqual([]);
});

test("each library is imported by its own room alone", () => {
  const elsewhere = imports.filter(({ file, target }) =>
    ONLY_IN.some(([library, rooms]) => library.test(target) && !rooms.includes(roomOf(file))),
  );
  expect(elsewhere).toEqual([]);
});

test("ARCHITECTURE.md has a row for every room, fits two screens, and each room has a README", () => {
  const text = readFileSync("ARCHITECTURE.md", "utf8");
  for (const room of ROOMS) {
    expect(text, room).toContain(`\n| \`${room}/\` | `);
    expect(readFileSync(`src/${room}/README.md`, "utf8"), room).toMatch(new RegExp(`^# ${room}/\n\n\\S`));
  }
  const lines = text.split("\n");
  expect(lines.length).toBeLessThanOrEqual(140);
  expect(lines.filter((line) => line.length > 120)).toEqual([]);
});

test("no file imports itself, by whatever way round, types included", () => {
  expect(circles(imports)).toEqual([]);
  const there = { file: "src/a/b.ts", target: "../c.js" };
  expect(circles([there, { file: "src/c.ts", target: "./d.js" }])).toEqual([]);
  expect(circles([there, { file: "src/c.ts", target: "./d.js" }, { file: "src/d.ts", target: "./a/b.js" }])).toEqual([
    ["src/a/b.ts", "src/c.ts", "src/d.ts"],
  ]);
});

test("no folder of src is a pile: at most 20 entries each", () => {
  const folders = ["src", ...new Set(sources().map((file) => dirname(file)))];
  const piles = folders
    .map((folder) => [folder, readdirSync(folder).filter((name) => name !== "README.md").length] as const)
    .filter(([, n]) => n > 20);
  expect(piles).toEqual([]);
});

function sources(): string[] {
  return listFiles("src").filter((file) => file.endsWith(".ts"));
}

/** Depth-first search: a file that is met while it is still being followed closes a circle. */
function circles(all: readonly { readonly file: string; readonly target: string }[]): string[][] {
  const found: string[][] = [];
  const targets = new Map<string, string[]>();
  for (const { file, target } of all) {
    if (!target.startsWith(".")) continue;
    const path = join(dirname(file), target).replace(/\.js$/, ".ts");
    targets.set(file, [...(targets.get(file) ?? []), path]);
  }
  const done = new Set<string>();
  const follow = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) found.push(way.slice(way.indexOf(file)));
    if (way.includes(file) || done.has(file)) return;
    for (const next of targets.get(file) ?? []) follow(next, [...way, file]);
    done.add(file);
  };
  for (const file of targets.keys()) follow(file, []);
  return found;
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(".", join(entry.parentPath, entry.name)));
}

function importsOf(file: string): string[] {
  const code = readFileSync(file, "utf8");
  return [...code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1]!);
}

/** `grid` for src/grid/cells.ts; the empty string for files directly under src. */
function roomOf(file: string): string {
  const parts = file.split("/");
  return parts.length > 2 ? parts[1]! : "";
}
