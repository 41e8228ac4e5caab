import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { exitCodes } from '@vp/contracts';
import { errorView } from '../ui/error-view.ts';
import type { Output } from '../ui/output.ts';
import { styleFor } from '../ui/style.ts';
import { expectVpError } from './crash.ts';
import { packageRoot } from './package-root.ts';
import { projectArgument } from './plugin-commands.ts';
import { findProjectRoot } from './project-root.ts';

/** Tells the caller of an error, and gives the exit code. */
export function report(
  thrown: unknown,
  request: { readonly argv: readonly string[]; readonly output: Output },
): number {
  const { argv, output } = request;
  // Whoever read the output has what they wanted: `vp query … | head`.
  if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EPIPE') return exitCodes.ok;
  const error = expectVpError(thrown, request);
  if (output.json) {
    output.document({ error: error.toJSON() });
    return error.exitCode;
  }
  const debug = argv.includes('--debug') || /^(1|true)$/.test(process.env.VP_DEBUG ?? '');
  const from = projectArgument(argv) ?? process.cwd();
  const base = findProjectRoot(from) ?? from;
  const stack = debug ? stacks(error) : undefined;
  const style = styleFor(process.stderr);
  output.note(errorView({ error: error.toJSON(), style, base, docs: errorDocs(), stack }));
  return error.exitCode;
}

/** The page lies beside a vp that is run from its repository; packages do not bring it. */
function errorDocs(): string | undefined {
  const page = join(packageRoot(), '..', 'docs', 'errors.md');
  return existsSync(page) ? page : undefined;
}

function stacks(error: unknown): string {
  const found: string[] = [];
  for (let each: unknown = error; each instanceof Error && found.length < 8; each = each.cause) {
    found.push(each.stack ?? each.message);
  }
  return found.join('\ncaused by ');
}
