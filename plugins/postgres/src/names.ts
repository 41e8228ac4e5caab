/** A table by schema and name, as the server spells them. */
export interface TableName {
  readonly schema: string;
  readonly table: string;
}

/** A name as SQL takes it, whatever it holds. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const quoteTable = ({ schema, table }: TableName): string =>
  `${quoteName(schema)}.${quoteName(table)}`;

/** A text as SQL takes it. */
export function quoteText(text: string): string {
  const plain = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? `E${plain.replaceAll('\\', '\\\\')}` : plain;
}

/**
 * `orders`, `public.orders`, `"my schema"."a.b"`: parts in double quotes are taken as they are, others too
 * (a table is asked for by the name it has; nothing is folded to lower case).
 */
export function parseTable(text: string, defaultSchema = 'public'): TableName {
  const parts: string[] = [];
  const pattern = /"((?:[^"]|"")*)"|([^."]+)/gy;
  let index = 0;
  while (index < text.length) {
    pattern.lastIndex = index;
    const match = pattern.exec(text);
    if (match === null) return { schema: defaultSchema, table: text };
    parts.push((match[1]?.replaceAll('""', '"') ?? match[2]) as string);
    index = pattern.lastIndex;
    if (index === text.length) break;
    if (text[index] !== '.') return { schema: defaultSchema, table: text };
    index += 1;
  }
  const [first = text, second] = parts;
  if (parts.length > 2) return { schema: defaultSchema, table: text };
  return second === undefined ? { schema: defaultSchema, table: first } : { schema: first, table: second };
}
