import type { ClickhouseSession } from "../clickhouse/clickhouseClient.js";
import { TsvRows } from "./tsvRows.js";

/** Gives the rows of a table here the ids that equal rows have in a table of a cluster, which only ever grows. */
export class StableIds {
  readonly #session: ClickhouseSession;
  readonly #table: string;

  /** @param table - as SQL; its first column is the id */
  constructor(session: ClickhouseSession, table: string) {
    this.#session = session;
    this.#table = table;
  }

  /**
   * The ids of rows [1, length), row 0 being "none" with id 0; rows that the cluster lacks are added to it.
   *
   * @param cells - the cells of a row as TabSeparated text
   */
  async assign(length: number, cells: (row: number) => readonly string[]): Promise<Uint32Array> {
    const { known, last } = await this.#known();
    const ids = new Uint32Array(length);
    const fresh = new TsvRows((text) => this.#session.insert(this.#table, text));
    let next = last;
    for (let row = 1; row < length; row++) {
      const own = cells(row);
      const key = own.join("\t");
      let id = known.get(key);
      if (id === undefined) {
        known.set(key, (id = ++next));
        fresh.add(id, ...own);
        if (fresh.isFull) await fresh.flush();
      }
      ids[row] = id;
    }
    await fresh.flush();
    return ids;
  }

  async #known(): Promise<{ readonly known: Map<string, number>; readonly last: number }> {
    const known = new Map<string, number>();
    let last = 0;
    const text = await this.#session.text({
      sql: `SELECT id, * EXCEPT id FROM ${this.#table} FORMAT TabSeparated`,
      params: {},
    });
    for (const line of text.split("\n")) {
      const tab = line.indexOf("\t");
      if (tab < 0) continue;
      const id = Number(line.slice(0, tab));
      known.set(line.slice(tab + 1), id);
      last = Math.max(last, id);
    }
    return { known, last };
  }
}
