import { hash } from 'node:crypto';

/** JSON with sorted keys, so that equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members: string[] = [];
  for (const [key, member] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${canonicalJson(member)}`);
  }
  return `{${members.join(',')}}`;
}

export const digest = (text: string): string => hash('sha256', text);

/** A digest short enough to be read, long enough to differ. */
export const shortDigest = (value: unknown): string => digest(canonicalJson(value)).slice(0, 16);

/** What a step's data would be: equal fingerprints promise equal data. */
export function fingerprint(facts: {
  readonly definition: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly sourceVersion?: string | undefined;
}): string {
  return digest(canonicalJson([facts.definition, facts.inputs, facts.sourceVersion ?? null]));
}
