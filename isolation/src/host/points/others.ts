import type {
  Alerter,
  Auth,
  AuthorizationResult,
  CheckResult,
  Command,
  Identity,
  RuleInfo,
  Validator,
} from '@vp/contracts';
import { arrayOf, objectOf } from '../../wire/payload.ts';
import type { Crossing } from '../../wire/value.ts';
import { jsonOf } from '../host-calls.ts';
import { checkReport } from './check.ts';
import type { Instance } from './instance.ts';

/** A validator that checks in the plugin's process; its queries run here. */
export function standInValidator(instance: Instance, rules: Crossing): Validator {
  return {
    rules: () => arrayOf(rules, 'rules') as unknown as readonly RuleInfo[],
    async validate({ target, ...request }, context) {
      const { query, ...described } = target;
      const results = await instance.call({
        method: 'validate',
        args: { request: { ...request, target: described } },
        context,
        query: (sql) => query(sql),
      });
      return await instance.garbage(
        'validate',
        () => arrayOf(results, 'results') as unknown as readonly CheckResult[],
      );
    },
  };
}

/** An alerter that delivers from the plugin's process. */
export function standInAlerter(instance: Instance, methods: ReadonlySet<string>): Alerter {
  return {
    ...(methods.has('check') ? { check: (context) => checkReport(instance, context) } : {}),
    async send(alerts, context) {
      await instance.call({ method: 'send', args: { alerts }, context });
    },
  };
}

/** An auth provider in the plugin's process. What it allows is allowed only when it says so plainly. */
export function standInAuth(instance: Instance, methods: ReadonlySet<string>): Auth {
  const all: Required<Auth> = {
    check: (context) => checkReport(instance, context),
    async identify(request, context) {
      const identity = await instance.call({ method: 'identify', args: { request }, context });
      return await instance.garbage('identify', () =>
        identity === undefined ? undefined : (objectOf(identity, 'an identity') as unknown as Identity),
      );
    },
    async authorize(request, context) {
      const answer = await instance.call({ method: 'authorize', args: { request }, context });
      return await instance.garbage('authorize', (): AuthorizationResult => {
        const { allowed, reason } = objectOf(answer, 'an authorization');
        return { allowed: allowed === true, reason: typeof reason === 'string' ? reason : '' };
      });
    },
    async secret(request, context) {
      const value = await instance.call({ method: 'secret', args: { request }, context });
      return typeof value === 'string' ? value : undefined;
    },
    async audit(request, context) {
      await instance.call({ method: 'audit', args: { request }, context });
    },
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => methods.has(name)));
}

/** A command that runs in the plugin's process; what it prints is printed here. */
export function standInCommand(instance: Instance): Command {
  return {
    async run({ print, ...request }, context) {
      const value = await instance.call({ method: 'run', args: { request }, context, print });
      return await instance.garbage('run', () => (value === undefined ? undefined : jsonOf(value)));
    },
  };
}
