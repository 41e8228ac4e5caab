export { isListed, literalSecrets, withSecrets } from './config-secrets.ts';
export { learnSecrets } from './learn.ts';
export { createRedactor, type Redactor } from './redactor.ts';
export { createSecretResolver, type SecretResolver } from './resolver.ts';
