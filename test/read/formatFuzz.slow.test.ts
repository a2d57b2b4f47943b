import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { formatOf } from "../../src/read/format/formats.js";
import { readEvents } from "../../src/read/readEvents.js";
import { unlocated } from "../../src/read/unlocated.js";
import { damagedText, FUZZ_CASES, randomOf, withstands } from "../support/damage.js";

const folder = "test/read/fixtures";
const fixtures = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".log"))
  .map((file) => ({
    log: readFileSync(join(folder, file), "utf8"),
    ...(JSON.parse(readFileSync(join(folder, file.replace(/\.log$/, ".expected.json")), "utf8")) as {
      format: string;
      options?: object;
    }),
  }));
const seedsOf = grouped();

function grouped(): Map<string, typeof fixtures> {
  const groups = new Map<string, typeof fixtures>();
  for (const fixture of fixtures) groups.set(fixture.format, [...(groups.get(fixture.format) ?? []), fixture]);
  return groups;
}

test.each([...seedsOf.keys()].sort())(
  "damaged logs of the format %s are read or refused in plain words",
  async (format) => {
    const seeds = seedsOf.get(format)!;
    const random = randomOf(19);
    for (let i = 0; i < FUZZ_CASES; i++) {
      const { log, options } = seeds[i % seeds.length]!;
      const text = damagedText(log, random);
      const asked = i % 3 === 0 ? { format } : {};
      await withstands(JSON.stringify(text.slice(0, 2000)), async () => {
        const events = await readEvents([Buffer.from(text)], { ...options, ...asked, locator: unlocated() } as never);
        for (const timeMs of events.timeMs) expect(timeMs).toBeGreaterThanOrEqual(0);
      });
    }
  },
);

const STRINGS = [
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_time',
  '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" %D %{ms}T',
  '%v:%p %a %{X-Forwarded-For}i [%{%Y-%m-%d}t %{sec}t] "%r" %>s %O',
  '[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%" %RESPONSE_CODE% %DURATION% "%REQ(X-FORWARDED-FOR)%" %DOWNSTREAM_REMOTE_ADDRESS%',
];

test("damaged format strings are taken or refused in plain words, and lines are read by them", async () => {
  const random = randomOf(20);
  const line = '198.51.100.7 - - [02/Jan/2024:03:04:05 +0000] "GET /a HTTP/1.1" 200 123 "-" "x" 0.012\n';
  for (let i = 0; i < FUZZ_CASES; i++) {
    const format = damagedText(STRINGS[i % STRINGS.length]!, random);
    await withstands(format, async () => {
      formatOf(format);
      await readEvents([Buffer.from(line)], { format, locator: unlocated() });
    });
  }
});
