import { isSecret } from '@vp/contracts';

/** Tells the secrets that a configuration holds. */
export function learnSecrets(value: unknown, learn: (secret: string) => void, depth = 0): void {
  if (typeof value !== 'object' || value === null || depth > 32) return;
  if (isSecret(value)) {
    learn(value.reveal());
    return;
  }
  for (const each of Object.values(value)) learnSecrets(each, learn, depth + 1);
}
