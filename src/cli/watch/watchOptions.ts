import type { LoginRuleOptions } from "../../detect/suspicious/logins/loginRule.js";
import type { FilterOptions } from "../input/filterOptions.js";
import type { InputOptions } from "../input/options.js";

/** The values of `watch`'s options. */
export interface WatchOptions extends InputOptions, FilterOptions {
  readonly bucket: number;
  readonly resolution: number;
  readonly dims?: readonly string[];
  readonly falseAlarmsPerWeek: number;
  readonly servers?: string;
  readonly holidays?: string;
  readonly login?: readonly LoginRuleOptions[];
  readonly errors?: readonly number[];
  readonly maxDelay: number;
  readonly from: "start" | "end";
  readonly policy?: string;
  readonly events?: string;
  readonly alertmanager?: string;
  readonly webhook?: string;
  readonly state?: string;
  readonly listen?: string;
  readonly allowHost?: readonly string[];
  readonly journal?: string;
  readonly replay?: boolean;
  readonly speed?: number;
}

export const LOGS_NEED = "log files, followed through rotation (compressed ones are read once), or - for stdin";
