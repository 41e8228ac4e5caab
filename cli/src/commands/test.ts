import { relative } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { exitCodes } from '@vp/contracts';
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
    if (files.length === 0) throw errors.VP_CLI_NO_TESTS({ pattern: args.pattern ?? '*.test.ts' });
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
      throw errors.VP_CLI_NO_TESTS({
        pattern: flags.name === undefined ? 'the files found' : `--name ${flags.name}`,
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
