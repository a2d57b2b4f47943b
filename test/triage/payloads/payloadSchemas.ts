import { Ajv } from "ajv";

const RFC_3339 = "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z$";
const HTTP_URL = "^https?://[^\\s<>|()]+$";
const strings = { type: "object", additionalProperties: { type: "string" } };
const time = { type: "string", pattern: RFC_3339 };
const url = { type: "string", pattern: HTTP_URL, maxLength: 3000 };
const strict = { type: "object", additionalProperties: false };

/** `postableAlerts` of Alertmanager's API v2, with the names that its label names may have. */
const alertmanager = {
  type: "array",
  items: {
    ...strict,
    required: ["labels"],
    properties: {
      labels: {
        ...strings,
        minProperties: 1,
        propertyNames: { pattern: "^[a-zA-Z_][a-zA-Z0-9_]*$" },
        additionalProperties: { type: "string", minLength: 1 },
      },
      annotations: { ...strings, propertyNames: { pattern: "^[a-zA-Z_][a-zA-Z0-9_]*$" } },
      startsAt: time,
      endsAt: time,
      generatorURL: url,
    },
  },
};

/** Alert events of PagerDuty's Events API v2. */
const pagerduty = {
  type: "array",
  items: {
    ...strict,
    required: ["routing_key", "event_action", "dedup_key", "payload"],
    properties: {
      routing_key: { type: "string" },
      event_action: { enum: ["trigger", "acknowledge", "resolve"] },
      dedup_key: { type: "string", minLength: 1, maxLength: 255 },
      client: { type: "string" },
      client_url: url,
      links: {
        type: "array",
        items: { ...strict, required: ["href"], properties: { href: url, text: { type: "string" } } },
      },
      payload: {
        ...strict,
        required: ["summary", "source", "severity"],
        properties: {
          summary: { type: "string", minLength: 1, maxLength: 1024 },
          source: { type: "string", minLength: 1 },
          severity: { enum: ["critical", "error", "warning", "info"] },
          timestamp: time,
          component: { type: "string" },
          group: { type: "string" },
          class: { type: "string" },
          custom_details: { type: "object" },
        },
      },
    },
  },
};

const plainText = (maxLength: number) => ({
  ...strict,
  required: ["type", "text"],
  properties: {
    type: { const: "plain_text" },
    text: { type: "string", minLength: 1, maxLength },
    emoji: { const: false },
  },
});
const block = (type: string, properties: object, required: readonly string[]) => ({
  ...strict,
  required: ["type", ...required],
  properties: { type: { const: type }, ...properties },
});
const button = block("button", { text: plainText(75), url }, ["text", "url"]);

/** Slack's blocks, as far as messages of ours use them. */
const slack = {
  type: "array",
  items: {
    ...strict,
    required: ["text", "blocks"],
    properties: {
      text: { type: "string", minLength: 1, maxLength: 3000 },
      mrkdwn: { const: false },
      unfurl_links: { const: false },
      unfurl_media: { const: false },
      blocks: {
        type: "array",
        minItems: 1,
        maxItems: 50,
        items: {
          anyOf: [
            block("header", { text: plainText(150) }, ["text"]),
            block("section", { text: plainText(3000) }, ["text"]),
            block("section", { fields: { type: "array", minItems: 1, maxItems: 10, items: plainText(2000) } }, [
              "fields",
            ]),
            block("context", { elements: { type: "array", minItems: 1, maxItems: 10, items: plainText(2000) } }, [
              "elements",
            ]),
            block("actions", { elements: { type: "array", minItems: 1, maxItems: 25, items: button } }, ["elements"]),
          ],
        },
      },
    },
  },
};

const element = (type: string, properties: object, required: readonly string[]) => ({
  ...block(type, { spacing: { enum: ["Default", "Small"] }, ...properties }, required),
});
const richText = element(
  "RichTextBlock",
  {
    inlines: {
      type: "array",
      minItems: 1,
      items: block(
        "TextRun",
        {
          text: { type: "string", minLength: 1 },
          weight: { const: "Bolder" },
          size: { enum: ["Small", "Medium"] },
          isSubtle: { type: "boolean" },
        },
        ["text"],
      ),
    },
  },
  ["inlines"],
);

/**
 * Messages of Teams' Workflows with a card of adaptivecards.io's schema 1.4, as far as ours use it: no element in which
 * Teams reads Markdown (TextBlock, FactSet), and `msteams` without entities, which mentions need.
 */
const teams = {
  type: "array",
  items: {
    ...strict,
    required: ["type", "attachments"],
    properties: {
      type: { const: "message" },
      summary: { type: "string", minLength: 1 },
      attachments: {
        type: "array",
        minItems: 1,
        maxItems: 1,
        items: {
          ...strict,
          required: ["contentType", "content"],
          properties: {
            contentType: { const: "application/vnd.microsoft.card.adaptive" },
            contentUrl: { type: "null" },
            content: {
              ...strict,
              required: ["type", "version", "body"],
              properties: {
                type: { const: "AdaptiveCard" },
                version: { const: "1.4" },
                fallbackText: { type: "string", pattern: "^[A-Za-z]+: an alert of geopivot$" },
                msteams: { ...strict, properties: { width: { const: "Full" } } },
                body: {
                  type: "array",
                  minItems: 1,
                  items: {
                    anyOf: [
                      richText,
                      element(
                        "Container",
                        {
                          style: { enum: ["default", "emphasis", "good", "attention", "warning", "accent"] },
                          bleed: { type: "boolean" },
                          items: { type: "array", minItems: 1, items: richText },
                        },
                        ["items"],
                      ),
                    ],
                  },
                },
                actions: {
                  type: "array",
                  minItems: 1,
                  maxItems: 6,
                  items: block("Action.OpenUrl", { title: { type: "string", minLength: 1 }, url }, ["url"]),
                },
              },
            },
          },
        },
      },
    },
  },
};

/** The JSON format of CloudEvents 1.0; names of attributes are lower-case letters and digits. */
const cloudevents = {
  type: "array",
  items: {
    type: "object",
    required: ["specversion", "id", "source", "type"],
    propertyNames: { pattern: "^[a-z0-9]+$" },
    properties: {
      specversion: { const: "1.0" },
      id: { type: "string", minLength: 1 },
      source: { type: "string", minLength: 1, pattern: "^[!-~]+$" },
      type: { type: "string", minLength: 1 },
      subject: { type: "string", minLength: 1 },
      time,
      datacontenttype: { const: "application/json" },
      data: { type: "object" },
    },
  },
};

const anyValue = {
  type: "object",
  minProperties: 1,
  maxProperties: 1,
  additionalProperties: false,
  properties: {
    stringValue: { type: "string" },
    intValue: { type: "string", pattern: "^-?\\d+$" },
    doubleValue: { type: "number" },
    boolValue: { type: "boolean" },
    arrayValue: {
      ...strict,
      required: ["values"],
      properties: { values: { type: "array", items: { $ref: "#/$defs/anyValue" } } },
    },
  },
};
const attributes = {
  type: "array",
  maxItems: 128,
  items: {
    ...strict,
    required: ["key", "value"],
    properties: { key: { type: "string", minLength: 1 }, value: { $ref: "#/$defs/anyValue" } },
  },
};

/** `ExportLogsServiceRequest` in OTLP's JSON encoding. */
const otlp = {
  ...strict,
  $defs: { anyValue },
  required: ["resourceLogs"],
  properties: {
    resourceLogs: {
      type: "array",
      items: {
        ...strict,
        properties: {
          resource: { ...strict, properties: { attributes } },
          scopeLogs: {
            type: "array",
            items: {
              ...strict,
              properties: {
                scope: { ...strict, properties: { name: { type: "string" }, version: { type: "string" } } },
                logRecords: {
                  type: "array",
                  items: {
                    ...strict,
                    required: ["timeUnixNano", "severityNumber", "eventName"],
                    properties: {
                      timeUnixNano: { type: "string", pattern: "^\\d{1,20}$" },
                      observedTimeUnixNano: { type: "string", pattern: "^\\d{1,20}$" },
                      severityNumber: { type: "integer", minimum: 1, maximum: 24 },
                      severityText: { type: "string" },
                      eventName: { type: "string", pattern: "^[a-z][a-z0-9._]*$" },
                      body: { $ref: "#/$defs/anyValue" },
                      attributes,
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
};

const ajv = new Ajv({ strict: false, allErrors: true });

/** Checks a parsed payload: the list of what is wrong with it. */
export const payloadErrors = Object.fromEntries(
  Object.entries({ alertmanager, pagerduty, slack, teams, cloudevents, otlp }).map(([name, schema]) => {
    const validate = ajv.compile(schema);
    return [
      name,
      (payload: unknown): string[] => {
        validate(payload);
        return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
      },
    ];
  }),
);
