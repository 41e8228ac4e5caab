import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Auth,
  type CallContext,
  createSecret,
  describeThrown,
  didYouMean,
  isVpError,
  type Secret,
  type SecretRef,
  withErrorContext,
} from '@vp/contracts';
import { errors } from './errors.ts';
import type { Redactor } from './redactor.ts';
import { parseSecretRef } from './reference.ts';

/** An `auth` contribution that answers secret references, as its manifest says. */
export interface SecretProvider {
  /** Contribution id. */
  readonly id: string;
  readonly plugin: string;
  readonly schemes: readonly string[];
}

export interface SecretResolver {
  /**
   * @throws VpError `VP_SECRET_BAD_REFERENCE`, `VP_SECRET_SCHEME_UNKNOWN`, `VP_SECRET_NOT_FOUND`,
   *   or what the provider throws
   */
  get(ref: SecretRef): Promise<Secret>;
  /** Forgets the values; those known to the redactor stay known. */
  clear(): void;
}

export interface SecretResolverInit {
  /** Asked at each first use of a reference: plugins may come later. */
  providers(): readonly SecretProvider[];
  /** The instance of a provider; made when its first secret is wanted. */
  auth(id: string): Promise<Auth>;
  context(): CallContext;
  readonly redactor: Redactor;
  /** Told of secrets that are too short to be redacted. */
  warn?(error: ReturnType<(typeof errors)['VP_SECRET_TOO_SHORT']>): void;
}

/** Gets secrets from their providers, each reference once. */
export function createSecretResolver(init: SecretResolverInit): SecretResolver {
  const cache = new Map<SecretRef, Promise<Secret>>();
  // Providers whose instance is being made around the present call, outermost first.
  const making = new AsyncLocalStorage<readonly string[]>();

  const resolve = async (ref: SecretRef): Promise<Secret> => {
    const { scheme } = parseSecretRef(ref);
    const provider = providerOf(scheme, ref, init.providers());
    const chain = making.getStore() ?? [];
    if (chain.includes(provider.id)) {
      throw errors.VP_SECRET_CYCLE({ chain: [...chain, provider.id].join(' -> ') });
    }
    const auth = await making.run([...chain, provider.id], () => init.auth(provider.id));
    const value = await ask({ auth, ref, provider, context: init.context() });
    if (value === undefined) {
      throw errors.VP_SECRET_NOT_FOUND(
        { ref, provider: provider.plugin, wanted: '' },
        { plugin: provider.plugin },
      );
    }
    if (!init.redactor.add(value)) init.warn?.(errors.VP_SECRET_TOO_SHORT({ ref }));
    return createSecret({ ref, value });
  };

  return {
    get(ref) {
      // Within a provider's own start the cache could give a promise that waits for that very start.
      if ((making.getStore() ?? []).length > 0) return resolve(ref);
      const known = cache.get(ref);
      if (known !== undefined) return known;
      const made = resolve(ref);
      cache.set(ref, made);
      // A failure is not remembered: the user may set the variable and try again.
      made.catch(() => cache.delete(ref));
      return made;
    },
    clear: () => cache.clear(),
  };
}

function providerOf(scheme: string, ref: string, providers: readonly SecretProvider[]): SecretProvider {
  const [provider, other] = providers.filter((each) => each.schemes.includes(scheme));
  if (provider === undefined) {
    const schemes = providers.flatMap((each) => each.schemes);
    throw errors.VP_SECRET_SCHEME_UNKNOWN({ ref, scheme, suggestion: didYouMean(scheme, schemes) });
  }
  if (other !== undefined) {
    throw errors.VP_SECRET_SCHEME_TWICE({ scheme, plugins: `${provider.plugin}, ${other.plugin}` });
  }
  return provider;
}

async function ask(init: {
  readonly auth: Auth;
  readonly ref: SecretRef;
  readonly provider: SecretProvider;
  readonly context: CallContext;
}): Promise<string | undefined> {
  const { auth, ref, provider, context } = init;
  const fail = (problem: string, cause?: unknown) =>
    errors.VP_SECRET_FAILED({ ref, provider: provider.plugin, problem }, { plugin: provider.plugin, cause });
  if (auth.secret === undefined) throw fail('it has schemes in its manifest but no secret() method.');
  let value: unknown;
  try {
    value = await auth.secret(ref, context);
  } catch (error) {
    if (!isVpError(error)) throw fail(describeThrown(error), error);
    throw withErrorContext(error, { plugin: provider.plugin, phase: `secret ${ref}` }, error);
  }
  if (value === undefined || typeof value === 'string') return value;
  throw fail(`it gave a ${typeof value} instead of a text.`);
}
