/** A name as DuckDB reads it, whatever it holds. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text literal. DuckDB has no escapes in it but the doubled quote. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function listOf(items: readonly string[]): string {
  return `[${items.join(', ')}]`;
}
