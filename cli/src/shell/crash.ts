import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describeThrown, isVpError, type VpError } from '@vp/contracts';
import type { Output } from '../ui/output.ts';
import { errors } from './errors.ts';
import { packageVersion } from './package-root.ts';

/** The error as a `VpError`; one that nobody expected leaves a report behind that can be sent to us. */
export function expectVpError(
  thrown: unknown,
  request: { readonly argv: readonly string[]; readonly output: Output },
): VpError {
  if (isVpError(thrown) && thrown.class !== 'internal') return thrown;
  if (thrown instanceof Error && thrown.name === 'AbortError') return errors.VP_CLI_INTERRUPTED({});
  const report = writeReport(thrown, request);
  if (isVpError(thrown)) return thrown;
  return errors.VP_CLI_INTERNAL({ problem: describeThrown(thrown), report }, { cause: thrown });
}

interface CrashRequest {
  readonly argv: readonly string[];
  readonly output: Output;
}

function writeReport(thrown: unknown, { argv, output }: CrashRequest): string {
  const context = { vp: packageVersion(), argv: argv.map(withoutValue) };
  try {
    return output.crashReport?.(thrown, context) ?? writeBareReport(thrown, context);
  } catch (error) {
    // A report that cannot be written must not hide the error that it is about.
    output.note(`vp: the crash report could not be written: ${describeThrown(error)}`);
    return '';
  }
}

/** Before there is a kernel, and so before any secret is known. */
function writeBareReport(thrown: unknown, context: object): string {
  const { version: node, platform } = process;
  const file = join(tmpdir(), `vp-crash-${Date.now()}-${process.pid}.json`);
  const report = { node, platform, ...context, error: inspect(thrown, { depth: 6 }) };
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`, { mode: 0o600 });
  return file;
}

/** `--set connections.shop.password=…` may hold a secret. */
function withoutValue(word: string): string {
  const cut = word.indexOf('=');
  return cut === -1 ? word : `${word.slice(0, cut)}=…`;
}
