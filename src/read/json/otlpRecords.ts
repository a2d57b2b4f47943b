type Json = Readonly<Record<string, unknown>>;

const objects = (value: unknown): Json[] =>
  Array.isArray(value) ? value.filter((one): one is Json => typeof one === "object" && one !== null) : [];

/**
 * The records of an OTLP/JSON export of logs or spans, each as an object with its attributes and its resource's by name; a
 * span's duration in nanoseconds is `duration_ns`. Undefined if the value is no such export.
 */
export function otlpRecords(value: Json): readonly Json[] | undefined {
  const resources = objects(value.resourceLogs ?? value.resourceSpans);
  if (resources.length === 0) return undefined;
  return resources.flatMap((entry) => {
    const resource = { attributes: attributesOf((entry.resource as Json | undefined)?.attributes) };
    const scopes = objects(entry.scopeLogs ?? entry.scopeSpans ?? entry.instrumentationLibraryLogs);
    return scopes.flatMap((scope) =>
      objects(scope.logRecords ?? scope.spans ?? scope.logs).map((record) => ({
        ...timesOf(record),
        attributes: attributesOf(record.attributes),
        body: plainValue(record.body),
        resource,
      })),
    );
  });
}

function timesOf(record: Json): Json {
  if (record.startTimeUnixNano === undefined)
    return { timeUnixNano: record.timeUnixNano, observedTimeUnixNano: record.observedTimeUnixNano };
  const durationNs = Number(BigInt(String(record.endTimeUnixNano ?? 0)) - BigInt(String(record.startTimeUnixNano)));
  return { timeUnixNano: record.startTimeUnixNano, ...(durationNs >= 0 && { duration_ns: durationNs }) };
}

function attributesOf(list: unknown): Json {
  return Object.fromEntries(objects(list).map(({ key, value }) => [String(key), plainValue(value)]));
}

/** The plain value of an `AnyValue`. */
function plainValue(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const any = value as Json;
  if ("arrayValue" in any) return objects((any.arrayValue as Json)?.values).map(plainValue);
  if ("kvlistValue" in any) return attributesOf((any.kvlistValue as Json)?.values);
  return any.stringValue ?? any.intValue ?? any.doubleValue ?? any.boolValue;
}
