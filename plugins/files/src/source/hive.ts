import type { Field, LogicalType } from '@vp/plugin-sdk';
import type { FoundFile } from './find-files.ts';

/** Values of the `name=value` folders in a path, in order. */
export function hiveValues(path: string): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const part of path.split(/[/\\]/).slice(0, -1)) {
    const match = /^([^=]+)=(.*)$/.exec(part);
    if (match?.[1] !== undefined && match[2] !== undefined) values[match[1]] = decodeURIComponent(match[2]);
  }
  return values;
}

/** The columns that the folders of all the files give, with the types that all their values have. */
export function hiveFields(files: readonly FoundFile[]): readonly Field[] {
  const all = files.map((file) => hiveValues(file.path));
  const names = Object.keys(all[0] ?? {}).filter((name) => all.every((values) => name in values));
  return names.map((name) => ({ name, type: commonType(all.map((v) => v[name] ?? '')), nullable: false }));
}

function commonType(values: readonly string[]): LogicalType {
  if (values.every((v) => /^(0|-?[1-9]\d{0,17})$/.test(v))) return { kind: 'int64' };
  if (values.every((v) => /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(v))) return { kind: 'date' };
  return { kind: 'utf8' };
}
