import type { JsonSchema } from '@vp/contracts';
import type { Permissions } from '@vp/contracts/manifest';
import type { ContributionInfo } from '../host.ts';
import type { DisposalStack, ServiceScopeHandle } from '../services/index.ts';
import { fromThrown } from '../support/thrown.ts';
import { timeLimit } from '../support/time-limit.ts';
import { errors } from './errors.ts';
import type { Plugin } from './plugin.ts';
import type { AnyProvider } from './registrar.ts';

/** Where the configuration of a contribution comes from. Implemented by the rooms config and secrets. */
export type ConfigureContribution = (request: {
  readonly info: ContributionInfo;
  /** The manifest's `config`; nothing may be configured without one. */
  readonly schema: JsonSchema | undefined;
  /** Name of the connection, for `[connections.<name>]`. */
  readonly connection: string | undefined;
  readonly permissions: Permissions;
}) => unknown;

/** Makes one instance of a contribution, and sees that it is closed with `disposals`. */
export async function createInstance(init: {
  readonly plugin: Plugin;
  readonly info: ContributionInfo;
  readonly connection: string | undefined;
  readonly provider: AnyProvider;
  readonly services: ServiceScopeHandle;
  readonly disposals: DisposalStack;
  readonly configure: ConfigureContribution;
  readonly timeoutMs: number;
}): Promise<unknown> {
  const { plugin, info, connection, provider, services } = init;
  const what = `${info.point} ${info.id}${connection === undefined ? '' : ` for connection ${connection}`}`;
  const context = { plugin: plugin.label, phase: `create ${what}` };
  try {
    const schema = info.manifest.config;
    const config = await init.configure({
      info,
      schema: typeof schema === 'object' ? schema : undefined,
      connection,
      permissions: plugin.manifest.permissions ?? {},
    });
    const deps = await services.all(provider.deps ?? {});
    const instance = await timeLimit(async () => provider.create({ config, deps } as never), {
      ms: init.timeoutMs,
      late: (ms) => errors.VP_CONTRIBUTION_CREATE_TIMEOUT({ plugin: plugin.label, what, ms }, context),
    });
    if (typeof instance !== 'object' || instance === null) {
      const got = instance === null ? 'null' : typeof instance;
      throw errors.VP_CONTRIBUTION_GARBAGE({ plugin: plugin.label, what, got }, context);
    }
    init.disposals.adopt(what, instance);
    return instance;
  } catch (error) {
    throw fromThrown(error, context, (reason, where) =>
      errors.VP_CONTRIBUTION_CREATE_FAILED({ plugin: plugin.label, what, reason }, where),
    );
  }
}
