/** What is compared region by region. */
export type ComparedMeasure = "traffic_share" | "error_rate" | "latency" | "clients";

/** How grave a change is: the same scale as that of findings. */
export type ChangeSeverity = "critical" | "high" | "medium" | "low" | "info";

/** One measure of one region, before and after. */
export interface RegionChange {
  /** The region's name, by dimension: `{ country: "BR" }`. */
  readonly region: Readonly<Record<string, string>>;
  readonly measure: ComparedMeasure;
  /** Shares and rates in [0, 1]; the latency quantile in milliseconds; distinct clients. NaN where there is no traffic. */
  readonly before: number;
  readonly after: number;
  /** 95% interval of the difference of shares and rates, wide enough for requests that hang together. */
  readonly interval?: readonly [low: number, high: number];
  readonly requestsBefore: number;
  readonly requestsAfter: number;
  /** Probability of so large a difference by chance. */
  readonly pValue: number;
  /** The false-discovery rate at which this change would just be reported: the p-value adjusted for all that was tested. */
  readonly qValue: number;
  /** Whether the q-value is within the promised rate. */
  readonly significant: boolean;
  readonly direction: "worse" | "better" | "same";
  /** Of a significant change for the worse; "info" for all others. */
  readonly severity: ChangeSeverity;
  /** What the region adds to the change of the whole: shares of all requests (errors among all, for `error_rate`). */
  readonly contribution: number;
}

/** Totals of a window. */
export interface ComparedWindow {
  readonly label: string;
  /** Epoch milliseconds; NaN if there are no events. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly requests: number;
  readonly errors: number;
  readonly clients: number;
}

/** What changed between two windows. */
export interface Comparison {
  readonly before: ComparedWindow;
  readonly after: ComparedWindow;
  readonly by: readonly string[];
  readonly quantile: number;
  readonly falseDiscoveryRate: number;
  /** Every region and measure, regressions first by severity, then by q-value. */
  readonly changes: readonly RegionChange[];
  /** The significant changes for the worse, gravest first. */
  readonly regressions: readonly RegionChange[];
  /** What moved the whole the most, by size of contribution, at most ten of each measure. */
  readonly movers: readonly RegionChange[];
}
