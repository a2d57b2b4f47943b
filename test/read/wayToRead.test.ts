import { expect, test } from "vitest";
import { wayToRead } from "../../src/read/format/wayToRead.js";
import { readEvents } from "../../src/read/readEvents.js";
import { unlocated } from "../../src/read/unlocated.js";

test.each([
  ['2023/05/12 10:11:12 [error] 1234#1234: *56 open() "/x" failed, client: 203.0.113.7', /error log of nginx/],
  ["[Fri Sep 09 10:42:29.902022 2011] [core:error] [pid 1] [client 192.0.2.7:5555] no file", /error log of Apache/],
  ["203.0.113.2, -, 03/20/2024, 7:55:20, W3SVC2, WEB, 192.0.2.1, 4, 1, 3, 200, 0, GET, /a, -,", /W3C/],
  ['INFO:     203.0.113.2:54321 - "GET /items HTTP/1.1" 200 OK', /no time/],
  ["Timestamp,User Count,Type,Name,Requests/s,Failures/s", /JTL/],
  ["Mar  1 12:00:00 host sshd[123]: Failed password for bob from 203.0.113.2 port 22 ssh2", /log-ins as NDJSON/],
  ['"Datum";"Uhrzeit";"Adresse";"Status"', /header.*--map/],
  ["no log at all", /--format/],
])("a log that cannot be read is refused with a way: %s", async (line, way) => {
  expect(wayToRead(line)).toMatch(way);
  const source = new TextEncoder().encode(`${line}\n`);
  await expect(readEvents(source, { locator: unlocated() })).rejects.toMatchObject({
    code: "unknown-format",
    message: expect.stringMatching(way),
  });
});

test("records without a client say how to name the field that has it", async () => {
  const source = new TextEncoder().encode('{"ts":"2024-03-01T12:00:00Z","who":"203.0.113.2"}\n');
  const reading = readEvents(source, { locator: unlocated() });
  await expect(reading).rejects.toMatchObject({ code: "mostly-rejected", message: /--map ip=FIELD/ });
});
