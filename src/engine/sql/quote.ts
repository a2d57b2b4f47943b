/**
 * An identifier as ClickHouse reads it back, whatever is in it. Identifiers are quoted here because servers differ in how
 * they quote those that come as parameters.
 */
export function identifier(name: string): string {
  return `\`${name.replace(/[\\`]/g, "\\$&")}\``;
}

/** A text as a literal, for statements that take no parameters: DDL. Values of queries are bound. */
export function literal(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}

/** A column of the table that is read, which has the alias `t`: so no alias of ours is taken for it, or it for one. */
export function columnSql(name: string): string {
  return `t.${identifier(name)}`;
}
