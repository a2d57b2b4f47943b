import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, launchChromium } from "../../support/chromium.js";
import { logMinutes, until, Watch, WORLD } from "../../support/liveLog.js";
import { hasBuild } from "../../support/runCli.js";

const MONDAY_MS = Date.UTC(2026, 2, 2);
const HOSTILE = `</script><img src=x onerror="document.title='owned'">`;
const log = logMinutes({ startMs: MONDAY_MS, minutes: 260, failing: [180, 215], service: HOSTILE });

describe.skipIf(!chromiumPath || !hasBuild)(
  `the live page in Chromium${chromiumPath ? "" : " (skipped: no Chromium found)"}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), "geopivot-live-"));
    let browser: Browser;
    beforeAll(async () => {
      browser = await launchChromium();
    });
    afterAll(async () => {
      await browser?.close();
      rmSync(folder, { recursive: true });
    });

    const badge = (page: Page): Promise<string> =>
      page
        .locator("#live")
        .textContent()
        .then((text) => text ?? "");
    const titles = (page: Page): Promise<string[]> =>
      page.locator("button.finding:not(.incident) .finding-title").allTextContents();

    test("an incident appears within two buckets, keeps what the reader chose, survives reconnects and is over", {
      timeout: 120_000,
    }, async () => {
      const [db, path] = [join(folder, "world.csv"), join(folder, "access.log")];
      writeFileSync(db, WORLD);
      writeFileSync(path, log.slice(0, 180).join(""));
      const args = [path, "--db", db, "--state", join(folder, "state"), "--max-delay", "10s"];
      const first = new Watch([...args, "--listen", "0"]);
      const url = await first.url();
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
      const problems: string[] = [];
      page.on("pageerror", (error) => problems.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error" && !/net::ERR|Failed to load/.test(message.text()))
          problems.push(message.text());
      });
      await page.goto(url);
      await page.waitForSelector("html[data-ready]", { timeout: 20_000 });
      await until(
        async () => /^Live, .*02:5[05]|03:00/.test(await badge(page)),
        "the page",
        () => first.stderr,
      );
      expect(await titles(page)).toEqual([]);
      await page.getByText("Error rate", { exact: true }).click();
      await page.locator("#tab-places").click();

      appendFileSync(path, log.slice(180, 191).join("")); // two buckets, and a minute that closes them
      await until(
        async () => (await titles(page)).length === 1,
        "the incident",
        () => first.stderr,
      );
      expect((await titles(page))[0]).toContain("Germany");
      expect(await page.locator('input[value="error_rate"]').isChecked()).toBe(true);
      expect(await page.locator("#tab-places").getAttribute("aria-selected")).toBe("true");
      expect(await page.title()).toBe("(1) Geographic traffic, live");
      await page.locator("#tab-findings").click();
      await page.locator("button.finding:not(.incident)").click();

      expect((await first.end()).code).toBe(0);
      await until(
        async () => (await badge(page)).startsWith("Connection lost"),
        "the loss",
        () => first.stderr,
      );
      const second = new Watch([...args, "--listen", new URL(url).host]);
      await second.url();
      await until(
        async () => (await badge(page)).startsWith("Live"),
        "the reconnect",
        () => second.stderr,
      );
      appendFileSync(path, log.slice(191).join(""));
      await until(
        async () => (await page.title()) === "Geographic traffic, live",
        "its end",
        () => second.stderr,
      );
      expect(await titles(page)).toHaveLength(1);
      expect(await page.locator("button.finding:not(.incident)").getAttribute("aria-expanded")).toBe("true");
      expect(await page.locator("#finding-list").textContent()).not.toContain("lasting");
      expect(await page.locator("img").count()).toBe(0);
      expect(problems).toEqual([]);
      await page.close();
      expect((await second.end()).code).toBe(0);
    });
  },
);
