import { builtInCommands } from './shell/command-info.ts';
import { packageVersion } from './shell/package-root.ts';
import { commandIndex } from './shell/plugin-commands.ts';
import { route, wantsJson } from './shell/routing.ts';
import { createOutput } from './ui/output.ts';

/** The `vp` command. Only what every invocation needs is loaded with this module. */
export async function main(argv: readonly string[]): Promise<void> {
  const output = createOutput({ json: wantsJson(argv) });
  try {
    const { commands, refused, problems } = await commandIndex({ argv, builtIn: builtInCommands() });
    const found = route(argv, commands, refused, problems);
    if (found.kind === 'version') {
      const version = packageVersion();
      output.print(`vp ${version}`);
      if (found.json) output.document({ version });
    } else if (found.kind === 'help') {
      const help = await import('./shell/help.ts');
      for (const problem of [...problems, ...[...refused.values()].map((error) => error.message)])
        output.note(problem);
      const { style } = output;
      const { command, topic } = found;
      if (found.json) output.document(command ?? commands.filter((each) => !each.hidden));
      else if (command !== undefined) output.print(help.commandHelp({ command, style }));
      else if (topic !== undefined) output.print(help.topicHelp({ commands, style, topic }));
      else output.print(help.rootHelp({ commands, style, version: packageVersion() }));
    } else {
      const { execute } = await import('./shell/execute.ts');
      const outcome = await execute({ ...found, output });
      // A command that goes on for long has printed its document already.
      if (output.json && outcome.data !== undefined) output.document(outcome.data);
      process.exitCode = outcome.exitCode ?? 0;
    }
  } catch (thrown) {
    const { report } = await import('./shell/report.ts');
    process.exitCode = report(thrown, { argv, output });
  }
}
