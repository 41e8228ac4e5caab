import { basename, relative } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { didYouMean, exitCodes, suggest, type VpError } from '@vp/contracts';
import { type Outcome, projectFlags, VpCommand } from '../shell/base-command.ts';
import { errors } from '../shell/errors.ts';
import { findTestFiles } from '../shell/test-files.ts';

interface TestResult {
  readonly name: string;
  readonly file: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly ms: number;
  readonly message?: string;
}

export default class Test extends VpCommand {
  static override summary = "Run the project's tests";
  static override description =
    'Runs *.test.ts and *.test.js files with the test runner of Node, each in a process of its own. Zero tests are a failure.';
  static override group = 'Pipeline';
  static override examples = ['vp test', 'vp test orders', 'vp test --watch'];
  static override args = { pattern: Args.string({ description: 'Only files whose path has this in it' }) };
  static override flags = {
    name: Flags.string({ summary: 'Only tests whose name matches this expression', helpValue: 'regexp' }),
    watch: Flags.boolean({ summary: 'Run again when a file changes' }),
    project: projectFlags.project,
  };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(Test);
    const { findProject } = await import('../project/index.ts');
    const { root } = await findProject(flags.project ?? process.cwd());
    const files = findTestFiles(root, args.pattern);
    if (files.length === 0) throw noTests(root, args.pattern);
    process.chdir(root);
    const stream = run({
      files: [...files],
      concurrency: true,
      watch: flags.watch,
      ...(flags.name === undefined ? {} : { testNamePatterns: flags.name }),
    });
    const results: TestResult[] = [];
    stream.on('test:pass', (event) => {
      if (event.details.type === 'suite') return;
      results.push({ ...resultOf(event, root), status: event.skip || event.todo ? 'skipped' : 'passed' });
    });
    stream.on('test:fail', (event) => {
      if (event.details.type === 'suite') return;
      const { error } = event.details;
      const message = error.cause instanceof Error ? error.cause.message : error.message;
      results.push({ ...resultOf(event, root), status: 'failed', message });
    });
    if (this.output.json) await stream.resume().toArray();
    else
      for await (const text of stream.compose(spec)) process.stdout.write(this.output.redact(String(text)));

    const of = (status: TestResult['status']) => results.filter((result) => result.status === status).length;
    if (of('passed') + of('failed') === 0) {
      const names = files.map((file) => relative(root, file)).join(', ');
      throw errors.VP_CLI_NO_TESTS({
        what: flags.name === undefined ? `is in ${names}` : `of ${names} has a name like ${flags.name}`,
        suggestion:
          flags.name === undefined ? '' : `See their names: ${['vp test', args.pattern].join(' ').trim()}`,
      });
    }
    return {
      data: {
        files: files.map((file) => relative(root, file)),
        passed: of('passed'),
        failed: of('failed'),
        skipped: of('skipped'),
        tests: results,
      },
      exitCode: of('failed') > 0 ? exitCodes.data : exitCodes.ok,
    };
  }
}

/** Nothing to run: with a pattern, the files that there are instead. */
function noTests(root: string, pattern = ''): VpError {
  if (pattern === '') return errors.VP_CLI_NO_TESTS({ what: 'file is in the project', suggestion: '' });
  const files = findTestFiles(root).map((file) => relative(root, file));
  const stems = files.map((file) => file.replace(/\.test\.\w+$/, ''));
  const near = suggest(pattern, [...stems, ...stems.map((stem) => basename(stem))]);
  const suggestion = near === undefined ? didYouMean(pattern, files) : `Did you mean "${near}"?`;
  return errors.VP_CLI_NO_TESTS({ what: `file has "${pattern}" in its path`, suggestion });
}

function resultOf(
  event: {
    readonly name: string;
    readonly file?: string;
    readonly details: { readonly duration_ms: number };
  },
  root: string,
) {
  const { name, file = '', details } = event;
  return { name, file: relative(root, file), ms: details.duration_ms };
}
