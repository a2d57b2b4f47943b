/** Where a live page, and it alone, asks its server for more. */
export interface LivePaths {
  /** Server-sent events: each says that there is something new. */
  readonly events: string;
  /** The model, as `modelToBytes` writes it. */
  readonly model: string;
}
