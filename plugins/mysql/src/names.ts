/** A table by database and name, as the server spells them. */
export interface TableName {
  readonly schema: string;
  readonly table: string;
}

/** A name as SQL takes it, whatever it holds. */
export const quoteName = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

export const quoteTable = ({ schema, table }: TableName): string =>
  `${quoteName(schema)}.${quoteName(table)}`;

/** A text as SQL takes it. Backslashes escape in every session that the plugin opens. */
export const quoteText = (text: string): string =>
  `'${text.replaceAll(/['\\]/g, '\\$&').replaceAll('\0', '\\0')}'`;

/** How options name a table: quoted only where it has to be. */
export const formatTable = ({ schema, table }: TableName): string =>
  [schema, table].map((part) => (/[`.]/.test(part) ? quoteName(part) : part)).join('.');

/**
 * `orders`, `sales.orders`, `` `my schema`.`a.b` ``: parts in backticks are taken as they are, others too.
 * What is not made of such parts is the name of a table as a whole.
 */
export function parseTable(text: string, defaultSchema: string): TableName {
  const whole: TableName = { schema: defaultSchema, table: text };
  const parts: string[] = [];
  const pattern = /`((?:[^`]|``)+)`|([^.`]+)/gy;
  for (let index = 0; ; index += 1) {
    pattern.lastIndex = index;
    const match = pattern.exec(text);
    if (match === null) return whole;
    parts.push((match[1]?.replaceAll('``', '`') ?? match[2]) as string);
    index = pattern.lastIndex;
    if (index === text.length) break;
    if (text[index] !== '.') return whole;
  }
  const [first = text, second] = parts;
  if (parts.length > 2) return whole;
  return second === undefined ? { schema: defaultSchema, table: first } : { schema: first, table: second };
}

/** Why a name cannot be one of a table or column; `undefined` when it can. */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'it is empty';
  if ([...name].length > 64) return 'it is longer than 64 characters';
  if (name.endsWith(' ')) return 'it ends with a space';
  if (name.includes('\0')) return 'it holds a NUL byte';
  if (/[\u{10000}-\u{10ffff}]/u.test(name) || !name.isWellFormed())
    return 'it holds characters beyond U+FFFF, such as emoji';
  return undefined;
}
