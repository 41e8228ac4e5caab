import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { errors } from './errors.ts';

/** Where a project remembers whose bundles it has installed. */
const trustFile = '.vp/plugins/bundle-keys.json';

const trustSchema = z.strictObject({ format: z.literal(1), keys: z.array(z.string()) });

/** Ids of the keys whose bundles a project takes; none before the first bundle. */
export function trustedBundleKeys(projectDir: string): readonly string[] {
  let text: string;
  try {
    text = readFileSync(join(projectDir, trustFile), 'utf8');
  } catch (error) {
    if (Object(error).code === 'ENOENT') return [];
    throw error;
  }
  try {
    return trustSchema.parse(JSON.parse(text)).keys;
  } catch (error) {
    // Whom to trust is not guessed.
    throw errors.VP_BUNDLE_KEYS_UNREADABLE({ file: join(projectDir, trustFile) }, { cause: error });
  }
}

/** Remembers a key: from now on bundles of others are refused. */
export function trustBundleKey(projectDir: string, keyid: string): void {
  const keys = trustedBundleKeys(projectDir);
  if (keys.includes(keyid)) return;
  const file = join(projectDir, trustFile);
  mkdirSync(dirname(file), { recursive: true });
  const part = `${file}.${process.pid}.part`;
  writeFileSync(part, `${JSON.stringify({ format: 1, keys: [...keys, keyid] }, undefined, 2)}\n`);
  renameSync(part, file);
}
