type Schema = Readonly<Record<string, unknown>>;

/** What a JSON Schema no longer takes of what an older one took, as far as keys, types and listed values tell. */
export function schemaBreaks(was: Schema, is: Schema, path = ''): readonly string[] {
  const oldKeys = properties(was);
  const newKeys = properties(is);
  const key = (name: string) => (path === '' ? name : `${path}.${name}`);
  const demanded = names(is.required).filter((each) => !names(was.required).includes(each));
  return [
    ...ownBreaks(was, is, path),
    ...[...oldKeys.keys()].filter((each) => !newKeys.has(each)).map((each) => `key ${key(each)} is gone`),
    ...demanded.map((each) => `key ${key(each)} is required now`),
    ...[...oldKeys].flatMap(([name, old]) => {
      const now = newKeys.get(name);
      return now === undefined ? [] : schemaBreaks(old, now, key(name));
    }),
  ];
}

function ownBreaks(was: Schema, is: Schema, path: string): readonly string[] {
  if (path === '') return [];
  const [oldTypes, newTypes] = [names(was.type), names(is.type)];
  const lost = newTypes.length === 0 ? [] : oldTypes.filter((each) => !takes(newTypes, each));
  const [oldValues, newValues] = [values(was.enum), values(is.enum)];
  const lostValues = newValues.length === 0 ? [] : oldValues.filter((each) => !newValues.includes(each));
  return [
    ...lost.map((each) => `key ${path} takes no ${each} any more`),
    ...lostValues.map((each) => `key ${path} takes no ${each} any more`),
  ];
}

const takes = (types: readonly string[], type: string) =>
  types.includes(type) || (type === 'integer' && types.includes('number'));

const names = (value: unknown): readonly string[] =>
  typeof value === 'string' ? [value] : Array.isArray(value) ? value.map(String) : [];

const values = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.map((each) => JSON.stringify(each)) : [];

function properties({ properties: found }: Schema): ReadonlyMap<string, Schema> {
  if (typeof found !== 'object' || found === null) return new Map();
  const entries = Object.entries(found).map(([name, each]): [string, Schema] => [
    name,
    typeof each === 'object' && each !== null ? each : {},
  ]);
  return new Map(entries);
}
