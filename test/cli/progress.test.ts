import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { openProgress } from "../../src/cli/progress.js";

/** A terminal of which is kept what is written to it, and its clock. */
function terminal() {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 120 });
  let nowMs = 0;
  return {
    opened: { stream: stream as unknown as NodeJS.WriteStream, nowMs: () => nowMs },
    pass: (ms: number) => {
      nowMs += ms;
    },
    shown: () => String(stream.read() ?? ""),
  };
}

const MB = 1_000_000;
const read = (done: number, total?: number) => ({
  ...{ bytes: done * MB, storedBytes: done * MB, events: 1000 * done },
  ...(total !== undefined && { totalBytes: total * MB }),
});

test("progress says what is being done, and for how long as soon as it knows", async () => {
  const { opened, pass, shown } = terminal();
  const progress = await openProgress(opened);
  progress.update(read(0, 100) as never);
  const begun = shown();
  expect(begun).toMatch(/reading .* 0% \| 0 MB \| 0 requests/);
  expect(begun).not.toContain("left");
  pass(5000);
  progress.update(read(50, 100) as never);
  progress.judge(0, 8);
  const changed = shown();
  expect(changed).toContain("judging");
  expect(changed).not.toMatch(/NaN|LLs|INF|NULL/);
  pass(6000);
  await new Promise((resolve) => setTimeout(resolve, 150));
  progress.judge(6, 8);
  expect(shown()).toMatch(/judging .* 75% \| 2 s left/);
  progress.stop();
  shown();
  progress.stop();
  expect(shown()).toBe("");
});

test("what is soon done shows nothing", async () => {
  const { opened, shown } = terminal();
  const progress = await openProgress(opened);
  progress.update(read(1, 2) as never);
  progress.judge(1, 8);
  progress.stop();
  expect(shown()).toBe("");
});

test("where stderr is no terminal nothing is shown", async () => {
  const { opened, shown } = terminal();
  opened.stream.isTTY = false;
  const progress = await openProgress(opened);
  progress.update(read(50, 100) as never);
  progress.judge(1, 8);
  progress.stop();
  expect(shown()).toBe("");
});
