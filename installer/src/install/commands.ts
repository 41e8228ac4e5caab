import { errors } from '../errors.ts';
import type { ChosenVersion } from '../resolve/choose.ts';

/**
 * Refuses plugins that bring a command of vp's own, or one that would hide such. Two plugins with the same
 * command are told apart by the kernel's checks.
 *
 * @param builtIn `plan`, `plugins:list`
 */
export function refuseTakenCommands(chosen: readonly ChosenVersion[], builtIn: readonly string[]): void {
  for (const { key, package: name, manifest, locked } of chosen) {
    // One that is installed already keeps its other features: the command is told at each start.
    if (locked !== undefined) continue;
    // Beside another version of itself a plugin's commands stand beneath its alias.
    const isTwice = chosen.some((other) => other.key !== key && other.package === name);
    const prefix = isTwice && key !== name ? `${key}:` : '';
    for (const command of manifest.vp.contributes?.commands ?? []) {
      const id = prefix + command.id;
      const taken = builtIn.find(
        (each) => each === id || each.startsWith(`${id}:`) || id.startsWith(`${each}:`),
      );
      if (taken === undefined) continue;
      const words = id.replaceAll(':', ' ');
      const params = { plugin: key, command: words, owner: 'vp itself' };
      throw errors.VP_INSTALL_COMMAND_TAKEN(params, { plugin: key });
    }
  }
}
