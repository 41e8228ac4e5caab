export { type ConfigSecretsInit, literalSecrets, withSecrets } from './config-secrets.ts';
export { errorTable as secretsErrorTable } from './errors.ts';
export { createRedactor, type Redactor } from './redactor.ts';
export { parseSecretRef } from './reference.ts';
export {
  createSecretResolver,
  type SecretProvider,
  type SecretResolver,
  type SecretResolverInit,
} from './resolver.ts';
