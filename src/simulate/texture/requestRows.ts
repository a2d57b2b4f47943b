import { grown } from "../../core/grown.js";

/** A request as numbers. */
export interface RequestRow {
  readonly timeMs: number;
  /** Index of the city. */
  readonly city: number;
  readonly address: number;
  /** Number of the user; 0 is none, other than -1, which says that the name is in `injection`. */
  readonly user: number;
  readonly path: number;
  readonly status: number;
  readonly latencyMs: number;
  /** 1 for the newer of two releases. */
  readonly version: number;
}

/** Requests as columns that grow; they are sorted by time before they are read. */
export class RequestRows {
  length = 0;
  timeMs = new Float64Array(1024);
  city = new Uint16Array(1024);
  address = new Uint32Array(1024);
  user = new Int32Array(1024);
  path = new Uint8Array(1024);
  status = new Uint16Array(1024);
  latencyMs = new Float32Array(1024);
  version = new Uint8Array(1024);

  push(row: RequestRow): void {
    const i = this.length++;
    if (i === this.timeMs.length) this.#grow();
    this.timeMs[i] = row.timeMs;
    this.city[i] = row.city;
    this.address[i] = row.address;
    this.user[i] = row.user;
    this.path[i] = row.path;
    this.status[i] = row.status;
    this.latencyMs[i] = row.latencyMs;
    this.version[i] = row.version;
  }

  at(i: number): RequestRow {
    return {
      timeMs: this.timeMs[i]!,
      city: this.city[i]!,
      address: this.address[i]!,
      user: this.user[i]!,
      path: this.path[i]!,
      status: this.status[i]!,
      latencyMs: this.latencyMs[i]!,
      version: this.version[i]!,
    };
  }

  #grow(): void {
    const n = 2 * this.timeMs.length;
    this.timeMs = grown(this.timeMs, n);
    this.city = grown(this.city, n);
    this.address = grown(this.address, n);
    this.user = grown(this.user, n);
    this.path = grown(this.path, n);
    this.status = grown(this.status, n);
    this.latencyMs = grown(this.latencyMs, n);
    this.version = grown(this.version, n);
  }
}
