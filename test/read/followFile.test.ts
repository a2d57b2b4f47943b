import { appendFileSync, copyFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { followFile, type LogFile, type LogPosition } from "../../src/read/source/follow/followFile.js";
import { LineCutter } from "../../src/read/source/follow/lineCutter.js";

const folder = mkdtempSync(join(tmpdir(), "geopivot-follow-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;
const newPath = (): string => join(folder, `log-${String.fromCharCode(97 + count++)}`);
const line = (n: number): string => `${new Date(1_772_409_600_000 + 1000 * n).toISOString()} line ${n}\n`;
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => line(from + i)).join("");

/** A reader of a log that keeps where it is, as one that is restarted would. */
class Reader {
  text = "";
  lost = 0;
  position: LogPosition;
  readonly #abort = new AbortController();
  readonly #done: Promise<void>;
  #isIdle = false;

  constructor(path: string, from?: LogPosition) {
    this.position = from ?? { files: [], offset: 0 };
    this.#done = this.#read(path, from ?? "start");
  }

  async #read(path: string, from: LogPosition | "start"): Promise<void> {
    let files: readonly LogFile[] = this.position.files;
    for await (const event of followFile(path, { from, pollMs: 10, signal: this.#abort.signal })) {
      this.#isIdle = event.kind === "idle";
      if (event.kind === "file") files = [...files.filter(({ base }) => base < event.file.base), event.file];
      if (event.kind === "lost") this.lost++;
      if (event.kind !== "lines") continue;
      this.text += Buffer.from(event.bytes).toString();
      this.position = { files, offset: event.nextOffset };
    }
  }

  async until(text: string): Promise<void> {
    for (let i = 0; i < 500 && !(this.text.endsWith(text) && this.#isIdle); i++) await sleep(10);
  }

  async stop(): Promise<LogPosition> {
    this.#abort.abort();
    await this.#done;
    return this.position;
  }
}

test("whoever still writes to a file that was renamed is heard; the new one follows, and offsets go on", async () => {
  const path = newPath();
  writeFileSync(path, lines(0, 3));
  const reader = new Reader(path);
  await reader.until(line(2));
  renameSync(path, `${path}.1`);
  writeFileSync(path, "");
  appendFileSync(`${path}.1`, line(3));
  await sleep(50);
  appendFileSync(`${path}.1`, line(4));
  appendFileSync(path, line(5));
  await reader.until(line(5));
  const { offset, files } = await reader.stop();
  expect(reader.text).toBe(lines(0, 6));
  expect(offset).toBe(reader.text.length);
  expect(files.map(({ base }) => base)).toEqual([0, lines(0, 5).length]);
});

test("a log that is copied and cut off loses no line, also where it is as long again at once", async () => {
  const path = newPath();
  writeFileSync(path, lines(0, 5));
  const reader = new Reader(path);
  await reader.until(line(4));
  for (let round = 1; round < 4; round++) {
    appendFileSync(path, lines(5 * round, 5 * round + 2));
    copyFileSync(path, `${path}.${round}`);
    truncateSync(path);
    appendFileSync(path, lines(5 * round + 2, 5 * round + 5));
    await reader.until(line(5 * round + 4));
  }
  await reader.stop();
  expect(reader.text).toBe(lines(0, 20));
});

test("files that were begun and rotated away between two looks are read, too", async () => {
  const path = newPath();
  writeFileSync(path, lines(0, 2));
  const reader = new Reader(path);
  await reader.until(line(1));
  renameSync(path, `${path}.1`);
  await sleep(5);
  renameSync(`${path}.1`, `${path}.2`);
  writeFileSync(`${path}.1`, lines(2, 4));
  writeFileSync(path, lines(4, 6));
  await reader.until(line(5));
  await reader.stop();
  expect(reader.text).toBe(lines(0, 6));
});

test.each([
  { how: "where nothing happened", rotate: () => {} },
  {
    how: "after the log was renamed twice and compressed",
    rotate: (path: string, whole: string) => {
      rmSync(path);
      writeFileSync(`${path}.2.gz`, gzipSync(whole));
      writeFileSync(`${path}.1`, lines(6, 8));
      writeFileSync(path, "");
    },
  },
  {
    how: "after it was copied and cut off",
    rotate: (path: string) => {
      copyFileSync(path, `${path}-20260302`);
      truncateSync(path);
      appendFileSync(path, lines(6, 8));
    },
  },
  {
    how: "after it was renamed, and another has its inode",
    rotate: (path: string, whole: string) => {
      rmSync(path);
      writeFileSync(path, lines(6, 8));
      writeFileSync(`${path}.1`, whole);
    },
  },
])("a reader that is restarted goes on where it stopped, $how", async ({ rotate }) => {
  const path = newPath();
  writeFileSync(path, lines(0, 3));
  const first = new Reader(path);
  await first.until(line(2));
  const position = JSON.parse(JSON.stringify(await first.stop())) as LogPosition;
  appendFileSync(path, lines(3, 6));
  await sleep(20);
  rotate(path, lines(0, 6));
  if (rotate.length === 0) appendFileSync(path, lines(6, 8));
  const second = new Reader(path, position);
  await second.until(line(7));
  appendFileSync(path, line(8));
  await second.until(line(8));
  await second.stop();
  expect(first.text + second.text).toBe(lines(0, 9));
  expect(second.position.offset).toBe(lines(0, 9).length);
  expect(second.lost).toBe(0);
});

test("what was rotated away and removed meanwhile is told to be lost", async () => {
  const path = newPath();
  writeFileSync(path, lines(0, 3));
  const first = new Reader(path);
  await first.until(line(2));
  const position = await first.stop();
  rmSync(path);
  writeFileSync(path, lines(5, 6));
  const second = new Reader(path, position);
  await second.until(line(5));
  await second.stop();
  expect(second.text).toBe(lines(5, 6));
  expect(second.lost).toBe(1);
});

test("a compressed file is read to its end, and that is all", async () => {
  const path = `${newPath()}.gz`;
  writeFileSync(path, gzipSync(`${lines(0, 9_000)}last`));
  const kinds: string[] = [];
  let text = "";
  for await (const event of followFile(path)) {
    kinds.push(event.kind);
    if (event.kind === "lines") text += Buffer.from(event.bytes).toString();
  }
  expect(text).toBe(`${lines(0, 9_000)}last\n`);
  expect(kinds.at(-1)).toBe("idle");
});

test("lines are cut the same wherever chunks end, with their offsets; one that is too long is left out", () => {
  const long = "x".repeat((1 << 20) + 7);
  const bytes = Buffer.from(`a\nbb\n\n${long}\nccc\nd`);
  for (const size of [1 << 16, 999_983]) {
    const cutter = new LineCutter(100);
    let text = "";
    let at = 100;
    let tooLong = 0;
    for (let i = 0; i < bytes.length; i += size) {
      const cut = cutter.push(bytes.subarray(i, i + size));
      if (cut === undefined) continue;
      expect(cut.offset).toBe(at);
      at = cut.nextOffset;
      tooLong += cut.tooLong;
      text += Buffer.from(cut.bytes).toString();
    }
    expect(at + 1).toBe(100 + bytes.length);
    expect(cutter.flush()).toMatchObject({ offset: at, nextOffset: at + 1 });
    expect(text.replace(long, "")).toBe(size < 1e6 && tooLong === 0 ? `a\nbb\n\n\nccc\n` : "a\nbb\n\nccc\n");
  }
});
