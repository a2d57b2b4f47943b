/** Days off beside weekends: ISO dates by country (ISO 3166-1 alpha-2). */
export type Holidays = Readonly<Record<string, readonly string[]>>;
