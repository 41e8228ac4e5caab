import { pathToFileURL } from 'node:url';
import { describeThrown } from '@vp/contracts';
import { errors } from '../../errors.ts';
import { type ConformanceDefinition, isConformanceDefinition } from './define.ts';

/**
 * Imports a package's `conformance.ts`, or what was built from it.
 *
 * @throws VpError `VP_SDK_NO_SUBJECTS` when it cannot be imported, or exports something else
 */
export async function loadConformance(file: string): Promise<ConformanceDefinition> {
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = await import(pathToFileURL(file).href);
  } catch (cause) {
    throw errors.VP_SDK_NO_SUBJECTS(
      { file, problem: `cannot be imported: ${describeThrown(cause)}` },
      { cause },
    );
  }
  const definition = exported.default;
  if (isConformanceDefinition(definition)) return definition;
  const problem =
    definition === undefined
      ? 'has no default export'
      : 'exports something else than defineConformance gives';
  throw errors.VP_SDK_NO_SUBJECTS({ file, problem });
}
