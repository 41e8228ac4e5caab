import { errors } from '../errors.ts';
import type { ChosenVersion } from '../resolve/choose.ts';

/**
 * Refuses plugins that bring a command of vp's own, or one that would hide such. Two plugins with the same
 * command are told apart by the kernel's checks.
 *
 * @param builtIn `plan`, `plugins:list`
 */
export function refuseTakenCommands(chosen: readonly ChosenVersion[], builtIn: readonly string[]): void {
  for (const { key, manifest, locked } of chosen) {
    // One that is installed already keeps its other features: the command is told at each start.
    if (locked !== undefined) continue;
    for (const { id } of manifest.vp.contributes?.commands ?? []) {
      const taken = builtIn.find(
        (each) => each === id || each.startsWith(`${id}:`) || id.startsWith(`${each}:`),
      );
      if (taken === undefined) continue;
      const command = id.replaceAll(':', ' ');
      throw errors.VP_INSTALL_COMMAND_TAKEN({ plugin: key, command, owner: 'vp itself' }, { plugin: key });
    }
  }
}
