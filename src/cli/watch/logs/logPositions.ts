import type { LogFile, LogPosition } from "../../../read/source/follow/followFile.js";
import type { StateFile } from "../stateFile.js";

type Logs = Readonly<Record<string, readonly LogFile[]>>;

/** Which files each log has been, so that a restart finds the one that it stopped in. */
export class LogPositions {
  readonly #file: StateFile;
  #logs: Logs;

  private constructor(file: StateFile, logs: Logs) {
    this.#file = file;
    this.#logs = logs;
  }

  static async open(file: StateFile): Promise<LogPositions> {
    return new LogPositions(file, (await file.read(checkLogs)) ?? {});
  }

  /** Where to go on in a log of which a monitor has taken so much; undefined where that is not known. */
  position(log: string, offset: number | undefined): LogPosition | undefined {
    const files = this.#logs[log];
    return files === undefined || offset === undefined ? undefined : { files, offset };
  }

  async save(log: string, files: readonly LogFile[]): Promise<void> {
    this.#logs = { ...this.#logs, [log]: files };
    await this.#file.write({ schema: "geopivot.positions/1", logs: this.#logs });
  }
}

function checkLogs(value: unknown): Logs {
  const { schema, logs } = (value ?? {}) as { schema?: unknown; logs?: unknown };
  if (schema !== "geopivot.positions/1") throw new Error("it is of another version");
  const isFile = (file: Partial<LogFile> | null): boolean =>
    Number.isFinite(file?.base) && Number.isFinite(file?.headBytes) && typeof file?.head === "string";
  for (const files of Object.values(logs as Logs))
    if (!Array.isArray(files) || !files.every(isFile)) throw new Error("it holds no positions");
  return logs as Logs;
}
