import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The system's Alertmanager: $ALERTMANAGER, or where Debian and others put it; undefined where there is none. */
export const alertmanagerPath: string | undefined = [
  process.env.ALERTMANAGER,
  "/usr/bin/prometheus-alertmanager",
  "/usr/bin/alertmanager",
  "/usr/local/bin/alertmanager",
].find((path): path is string => path !== undefined && existsSync(path));

export interface Alertmanager {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts it on loopback, alone, with one webhook for everything; it forgets alerts that it does not hear of after 3 s. */
export async function startAlertmanager(webhookUrl: string): Promise<Alertmanager> {
  if (!alertmanagerPath) throw new Error("no Alertmanager found: set $ALERTMANAGER");
  const folder = mkdtempSync(join(tmpdir(), "geopivot-alertmanager-"));
  const config = {
    global: { resolve_timeout: "3s" },
    route: { receiver: "test", group_by: ["..."], group_wait: "100ms", group_interval: "300ms", repeat_interval: "1h" },
    receivers: [{ name: "test", webhook_configs: [{ url: webhookUrl, send_resolved: true }] }],
  };
  // JSON is YAML.
  writeFileSync(join(folder, "config.yml"), JSON.stringify(config));
  const port = await freePort();
  const child = spawn(
    alertmanagerPath,
    [
      `--config.file=${join(folder, "config.yml")}`,
      `--storage.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--cluster.listen-address=",
      "--log.level=error",
    ],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  const url = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await ready(url, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (child.exitCode !== null) throw new Error(`Alertmanager ended with ${child.exitCode}`);
    const response = await fetch(`${url}/-/ready`).catch(() => null);
    if (response?.ok) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error("Alertmanager is not ready after 20 s");
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    if (child.exitCode !== null) done();
    child.once("exit", () => done());
    child.kill("SIGKILL");
  });
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });
}
