import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** The system's Chromium: $CHROMIUM, or where Debian and others put it; undefined where there is none. */
export const chromiumPath: string | undefined = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
].find((path): path is string => path !== undefined && existsSync(path));

/** Starts it without a window, and without anything that it would ask a network for by itself. */
export function launchChromium(): Promise<Browser> {
  if (!chromiumPath) throw new Error("no Chromium found: set $CHROMIUM");
  return chromium.launch({
    executablePath: chromiumPath,
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
