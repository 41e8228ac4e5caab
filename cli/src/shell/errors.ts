import { defineErrors, exitCodes } from '@vp/contracts';

export const { errors, table: errorTable } = defineErrors({
  VP_CLI_COMMAND_UNKNOWN: {
    class: 'user',
    summary: 'The command does not exist.',
    message: (p: { command: string; suggestion: string }) => `vp has no command "${p.command}".`,
    hint: (p) => p.suggestion || 'List all: vp --help',
  },
  VP_CLI_COMMAND_COLLISION: {
    class: 'config',
    summary: 'A plugin brings a command that exists already.',
    message: (p: { command: string; first: string; second: string }) =>
      `The command "vp ${p.command}" is brought by ${p.first} and by ${p.second}.`,
    hint: (p) => `Remove ${p.second} from [plugins] of vp.toml, or ask its author for another name.`,
  },
  VP_CLI_FLAG_UNKNOWN: {
    class: 'user',
    summary: 'The command has no such flag.',
    message: (p: { command: string; flag: string; suggestion: string }) =>
      `vp ${p.command} has no flag ${p.flag}.`,
    hint: (p) => p.suggestion || `See vp ${p.command} --help`,
  },
  VP_CLI_ARGUMENT_UNEXPECTED: {
    class: 'user',
    summary: 'The command got more arguments than it takes.',
    message: (p: { command: string; arguments: string }) => `vp ${p.command} does not take ${p.arguments}.`,
    hint: (p) => `See vp ${p.command} --help`,
  },
  VP_CLI_ARGUMENT_MISSING: {
    class: 'user',
    summary: 'The command needs an argument that was not given.',
    message: (p: { command: string; arguments: string }) => `vp ${p.command} needs ${p.arguments}.`,
    hint: (p) => `See vp ${p.command} --help`,
  },
  VP_CLI_VALUE_INVALID: {
    class: 'user',
    summary: 'The value of a flag or argument is not of the right kind, or two flags exclude each other.',
    message: (p: { command: string; problem: string; suggestion: string }) =>
      `vp ${p.command}: ${p.problem}${/[.!?]$/.test(p.problem) ? '' : '.'}`,
    hint: (p) => p.suggestion || `See vp ${p.command} --help`,
  },
  VP_CLI_FOLDER_NOT_EMPTY: {
    class: 'user',
    summary: '`vp init` or `vp plugins new` was pointed at a folder that has something in it.',
    message: (p: { folder: string; found: string }) => `${p.folder} is not empty: it has ${p.found}.`,
    hint: () => 'Name a folder that does not exist yet.',
  },
  VP_CLI_NAME_INVALID: {
    class: 'user',
    summary: 'A project cannot have this name.',
    message: (p: { name: string }) => `"${p.name}" cannot be the name of a project.`,
    hint: () =>
      'Start with a letter; then letters, digits, _ and -. Or set one: vp init <folder> --name shop',
  },
  VP_CLI_CONNECTION_UNKNOWN: {
    class: 'user',
    summary: 'vp.toml has no connection of that name.',
    message: (p: { name: string; suggestion: string; known: readonly string[] }) =>
      `vp.toml has no connection "${p.name}" (${p.known.join(', ') || 'it has none'}).`,
    hint: (p) => p.suggestion || `Add [connections.${p.name}] to vp.toml.`,
  },
  VP_CLI_ASSET_UNKNOWN: {
    class: 'user',
    summary: 'The asset that the command line names is not in the pipeline.',
    message: (p: { asset: string; suggestion: string }) => `The pipeline has no asset "${p.asset}".`,
    hint: (p) => p.suggestion || 'List the assets: vp plan',
  },
  VP_CLI_NO_DATA: {
    class: 'user',
    summary: 'An asset has no data yet, or not in the partition that was asked for.',
    message: (p: { asset: string; partition?: string | undefined; suggestion: string }) =>
      `Asset "${p.asset}" has no data${p.partition === undefined ? ' yet' : ` in partition ${p.partition}`}.`,
    hint: (p) => p.suggestion || `Make it: vp run ${p.asset}`,
  },
  VP_CLI_NOT_PARTITIONED: {
    class: 'user',
    summary: 'A partition was asked for of an asset that has none.',
    message: (p: { asset: string; partition: string }) =>
      `Asset "${p.asset}" is not partitioned, so it has no partition ${p.partition}.`,
    hint: (p) => `Leave --partition out: vp show ${p.asset}`,
  },
  VP_CLI_KEEPS_NO_DATA: {
    class: 'user',
    summary: 'An asset that only has side effects keeps no data that could be shown.',
    message: (p: { asset: string }) => `Asset "${p.asset}" is a task and keeps no data.`,
    hint: () => 'See what it did: vp runs show latest',
  },
  VP_CLI_SNAPSHOT_UNKNOWN: {
    class: 'user',
    summary: 'There is no snapshot with this id.',
    message: (p: { asset: string; snapshot: string; suggestion: string }) =>
      `Asset "${p.asset}" has no snapshot "${p.snapshot}".`,
    hint: (p) => p.suggestion || 'Give an id, or prev for the one before the present one.',
  },
  VP_CLI_SNAPSHOT_SINGLE: {
    class: 'user',
    summary: 'The snapshot before the present one was asked for, and the asset has one snapshot only.',
    message: (p: { asset: string }) => `Asset "${p.asset}" has one snapshot only: there is none before it.`,
    hint: (p) => `Change something and run it again: vp run ${p.asset}`,
  },
  VP_CLI_PARTITION_NEEDED: {
    class: 'user',
    summary: 'A command compares one partition of an asset that has several.',
    message: (p: { asset: string; count: number }) => `Asset "${p.asset}" has ${p.count} partitions.`,
    hint: (p) => `Name one: vp diff ${p.asset} --partition <key>`,
  },
  VP_CLI_COLUMN_UNKNOWN: {
    class: 'user',
    summary: 'A column that the command line names is not in the data.',
    message: (p: { asset: string; column: string; suggestion: string }) =>
      `Asset "${p.asset}" has no column "${p.column}" in both snapshots.`,
    hint: (p) => p.suggestion || `See its columns: vp show ${p.asset}`,
  },
  VP_CLI_RUN_UNKNOWN: {
    class: 'user',
    summary: 'There is no run with this id.',
    message: (p: { run: string }) =>
      p.run === 'latest' ? 'There has been no run yet.' : `There is no run "${p.run}".`,
    hint: (p) =>
      p.run === 'latest'
        ? 'Start one: vp run'
        : 'List them: vp runs list. The beginning of an id is enough, and "latest" is the newest.',
  },
  VP_CLI_RUN_AMBIGUOUS: {
    class: 'user',
    summary: 'Several runs begin with what was given.',
    message: (p: { run: string; matches: readonly string[] }) =>
      `Several runs begin with "${p.run}": ${p.matches.join(', ')}.`,
    hint: () => 'Give more of the id.',
  },
  VP_CLI_RUN_NOT_RUNNING: {
    class: 'user',
    summary: 'A run that is not running cannot be cancelled.',
    message: (p: { run: string; status: string }) =>
      `Run ${p.run} is not running: its status is ${p.status}.`,
    hint: () => 'See which runs are: vp runs list --status running',
  },
  VP_CLI_CONFIG_UNKNOWN: {
    class: 'user',
    summary: 'No plugin in use has a configuration key of this name.',
    message: (p: { key: string; suggestion: string }) =>
      `No plugin in use has a configuration key "${p.key}".`,
    hint: (p) => p.suggestion || 'It takes no configuration.',
  },
  VP_CLI_NOT_A_SOURCE: {
    class: 'user',
    summary: 'Columns can be pulled only for assets that are read through a source.',
    message: (p: { asset: string; suggestion: string }) =>
      p.asset === ''
        ? 'The pipeline has no asset that is read through a source.'
        : `Asset "${p.asset}" is not read through a source.`,
    hint: (p) => p.suggestion || 'Name an asset with a source, or none for all of them.',
  },
  VP_CLI_SOURCE_EMPTY: {
    class: 'config',
    summary: 'A source has nothing under the options of an asset.',
    message: (p: { asset: string; source: string }) =>
      `Source "${p.source}" has nothing under the options of asset "${p.asset}".`,
    hint: () => 'Correct its path, table or topic.',
  },
  VP_CLI_PLUGIN_UNKNOWN: {
    class: 'user',
    summary: 'No plugin in use has this name, or brings something of it.',
    message: (p: { plugin: string; suggestion: string }) => `No plugin in use is, or brings, "${p.plugin}".`,
    hint: (p) => p.suggestion || 'List them: vp plugins list',
  },
  VP_CLI_KILL_LIST_OLD: {
    class: 'transient',
    summary: 'A registry has not been reached for a week, so versions that it withdrew since are not known.',
    message: (p: { registry: string; checked: string }) =>
      `${p.registry} was last asked for withdrawn versions on ${p.checked.slice(0, 10)}: what it withdrew since is not known.`,
    hint: () => 'See what keeps it: vp plugins refresh',
  },
  VP_CLI_NO_TESTS: {
    class: 'user',
    summary: '`vp test` found no test: a run of zero tests is never a success.',
    message: (p: { what: string; suggestion: string }) => `No test ${p.what}.`,
    hint: (p) => p.suggestion || 'Write one beside the pipeline, e.g. pipeline.test.ts.',
  },
  VP_CLI_QUERY_EMPTY: {
    class: 'user',
    summary: '`vp query` got no SQL text.',
    message: () => 'There is no SQL to run.',
    hint: () => 'vp query "select * from orders limit 10", or pipe it in: vp query - < report.sql',
  },
  VP_CLI_STEP_UNKNOWN: {
    class: 'user',
    summary: 'The plan of the run has no such step.',
    message: (p: { step: string; suggestion: string }) => `The run has no step "${p.step}".`,
    hint: (p) => p.suggestion || 'See its steps: vp runs show <run>',
  },
  VP_NODE_TOO_OLD: {
    class: 'user',
    // Said by bin/newer-node.js, which an old Node can run.
    summary: 'Node is older than 24.15, and neither the project nor vp brings a newer one.',
    message: (p: { version: string }) => `vp needs Node 24.15 or later; this is ${p.version}.`,
    hint: () => 'Install a newer one, or put one into the project: npm install --save-dev node@24',
  },
  VP_CLI_INTERRUPTED: {
    class: 'user',
    exitCode: exitCodes.interrupted,
    summary: 'The command was interrupted with Ctrl-C.',
    message: () => 'Interrupted.',
  },
  VP_CLI_INTERNAL: {
    class: 'internal',
    summary: 'Something went wrong inside vp that should not have. A crash report was written.',
    message: (p: { problem: string; report: string }) =>
      `vp met an error that it did not expect: ${p.problem}`,
    hint: (p) =>
      `${p.report === '' ? '' : `The report is in ${p.report}; it holds no secrets. `}Run again with --debug to see where it happened.`,
  },
});
