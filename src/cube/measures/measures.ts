import { answered } from "./answered.js";
import { bytes } from "./bytes.js";
import { clients } from "./clients.js";
import { count } from "./count.js";
import { denied } from "./denied.js";
import { errors } from "./errors.js";
import { latency } from "./latency.js";
import type { AnyMeasure } from "./measure.js";
import type { StateSchema } from "./state/stateSchema.js";
import { users } from "./users.js";
import { weights } from "./weights.js";

/** What every cube keeps. */
const ALWAYS: readonly AnyMeasure[] = [count, errors, denied, answered];
/** What a cube keeps unless it is asked for less, in the order in which a saved cube keeps it. */
export const OPTIONAL_MEASURES: readonly AnyMeasure[] = [bytes, latency, clients, users];

/** What a cube was asked to keep. */
export interface MeasureChoice {
  /** Names of the {@link OPTIONAL_MEASURES} that are kept, and of a caller's own. */
  readonly measures: ReadonlySet<string>;
  /** The caller's own. */
  readonly own: readonly AnyMeasure[];
}

/** The measures that a cube keeps. */
export function keptMeasures({ measures, own }: MeasureChoice): readonly AnyMeasure[] {
  return [...ALWAYS, ...OPTIONAL_MEASURES.filter(({ name }) => measures.has(name)), ...own];
}

/** The measures whose columns every segment of a cube has, whether they are kept or empty. */
export function allMeasures({ own }: Pick<MeasureChoice, "own">): readonly AnyMeasure[] {
  return [...ALWAYS, ...OPTIONAL_MEASURES, ...own];
}

/** Those that segments have states of: {@link weights} only if events are weighted. */
export function statesOf(measures: readonly AnyMeasure[], isWeighted: boolean): readonly AnyMeasure[] {
  return isWeighted ? [...measures, weights] : measures;
}

/** The columns of segments that have states of some measures. */
export function schemaOf(measures: readonly AnyMeasure[], isWeighted: boolean): StateSchema {
  const states = statesOf(measures, isWeighted);
  return {
    columns: Object.assign({}, ...states.map(({ columns }) => columns)),
    lists: states.flatMap(({ list }) => list ?? []),
    isWeighted,
  };
}
