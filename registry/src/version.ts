import { readFileSync } from 'node:fs';

/** Of this package. */
export function registryVersion(): string {
  const file = new URL('../package.json', import.meta.url);
  const { version }: { readonly version: string } = JSON.parse(readFileSync(file, 'utf8'));
  return version;
}
