import { isVpError } from '@vp/contracts';
import type { InstalledPlugin } from '@vp/installer';
import type { Output } from '../ui/output.ts';
import type { PlannedUpgrade } from '../ui/upgrade-view.ts';
import { contributionsOf } from './plugin-facts.ts';
import { pluginSettings } from './plugin-settings.ts';
import { pluginUsers } from './plugin-users.ts';
import { lookOut, namedPlugins, presentPlugins, type Sightings } from './present-plugins.ts';
import type { RegistryAccess } from './registry-access.ts';
import type { Session } from './session.ts';

/** `@acme/weather@2`, taken apart. */
interface Wish {
  readonly key: string;
  /** A version, tag or range; the newest of vp.toml's range when left out. */
  readonly wanted: string | undefined;
}

export interface PlannedUpgrades extends Pick<Sightings, 'missing'> {
  readonly steps: readonly PlannedUpgrade[];
  /** Newer versions that were not chosen, by plugin, and why. */
  readonly held: readonly { readonly plugin: string; readonly version: string; readonly reason: string }[];
  readonly upToDate: readonly string[];
}

/** What `vp plugins upgrade` would do: of each plugin the version to go to, and what that changes. */
export async function planUpgrade(request: {
  readonly session: Session;
  readonly output: Output;
  readonly registries: RegistryAccess;
  /** `@acme/weather`, `@acme/weather@2`; all plugins when empty. */
  readonly wishes: readonly string[];
  /** The newest that the policy allows, whatever vp.toml's range says. */
  readonly latest: boolean;
}): Promise<PlannedUpgrades> {
  const { session, output, registries, latest } = request;
  const { kernel } = session;
  const wishes = request.wishes.map(parseWish);
  const plugins = namedPlugins(
    presentPlugins(kernel),
    wishes.map(({ key }) => key),
  );
  const { found, missing } = await lookOut({ plugins, client: registries.client, kernel });
  const targets = found.map((sighting) => {
    const { wanted, latest: newest } = sighting.outlook;
    const wish = wishes.find(({ key }) => key === sighting.plugin.key)?.wanted;
    return { ...sighting, to: wish ?? (latest ? newest : wanted) };
  });
  const { findVersion } = await import('@vp/installer');
  const moving = targets
    .map((each) => ({ ...each, to: findVersion(each.packument, each.to).version }))
    .filter(({ plugin, to }) => to !== plugin.version);
  const usersOf = moving.length === 0 ? () => [] : await userFinder(session, output);
  const { upgradeStep } = await import('@vp/installer');
  const steps = await Promise.all(
    moving.map(async ({ plugin, packument, to }): Promise<PlannedUpgrade> => {
      const users = usersOf(plugin);
      const settings = pluginSettings(kernel.config, users);
      const step = await upgradeStep({ plugin, to, packument, source: registries.source, settings });
      return { ...step, usedBy: [...new Set(users.map(({ name }) => name))] };
    }),
  );
  const held = found.flatMap(({ plugin, outlook }) =>
    outlook.held.map(({ version, reason }) => ({ plugin: plugin.key, version, reason })),
  );
  const upToDate = targets.filter(({ plugin }) => !steps.some(({ key }) => key === plugin.key));
  return { steps, held, missing, upToDate: upToDate.map(({ plugin }) => plugin.key) };
}

function parseWish(text: string): Wish {
  const at = text.indexOf('@', 1);
  return at === -1
    ? { key: text, wanted: undefined }
    : { key: text.slice(0, at), wanted: text.slice(at + 1) };
}

/** Who uses a plugin. A pipeline that cannot be loaded keeps nobody from mending its plugins. */
async function userFinder(session: Session, output: Output) {
  try {
    const pipeline = await session.pipeline();
    return (plugin: InstalledPlugin) => {
      const info = session.kernel.plugins().find(({ name }) => name === plugin.key);
      return info === undefined ? [] : pluginUsers(pipeline, contributionsOf(info));
    };
  } catch (error) {
    if (!isVpError(error)) throw error;
    output.note(`warning ${error.code}: which assets use the plugins is not known: ${error.message}`);
    return () => [];
  }
}
