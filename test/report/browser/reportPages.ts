import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import type { ReportOptions } from "../../../src/report/page/buildReportModel.js";
import { renderReport } from "../../../src/report/page/renderReport.js";
import { launchChromium } from "../../support/chromium.js";
import { reportExample } from "../reportExample.js";

/** How a report is opened. */
export interface Opening extends BrowserContextOptions {
  /** What comes after the page's address. */
  readonly hash?: string;
}

/**
 * A browser for the tests of a `describe`, and what opens reports in it.
 *
 * @param example - the options that are rendered but once
 */
export function reportPages(example: Partial<ReportOptions>) {
  const folder = mkdtempSync(join(tmpdir(), "geopivot-report-"));
  let exampleHtml = "";
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  /** Opens a report, and fails the test if the page asks for anything, logs an error or throws. */
  async function opened(
    options: Partial<ReportOptions>,
    check: (page: Page) => Promise<void>,
    { hash = "", ...context }: Opening = {},
  ): Promise<void> {
    const path = join(folder, "report.html");
    if (options === example) exampleHtml ||= renderReport(reportExample(example));
    writeFileSync(path, options === example ? exampleHtml : renderReport(reportExample(options)));
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce", ...context });
    const problems: string[] = [];
    page.on("request", (request) => {
      if (!/^(file|data|blob):/.test(request.url())) problems.push(`asked for ${request.url()}`);
    });
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
    });
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("dialog", (dialog) => problems.push(`dialog ${dialog.message()}`));
    try {
      await page.goto(pathToFileURL(path).href + hash);
      await page.waitForSelector("html[data-ready]", { timeout: 60_000 });
      await settled(page);
      await check(page);
      expect(problems).toEqual([]);
    } finally {
      await page.close();
    }
  }

  return { opened };
}

/** Waits until the next frames are drawn. */
export function settled(page: Page): Promise<void> {
  return page.evaluate(
    () =>
      new Promise<void>((done) =>
        requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
      ),
  );
}
