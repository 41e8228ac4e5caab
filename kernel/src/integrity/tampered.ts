import { join } from 'node:path';
import type { VpError } from '@vp/contracts';
import { installedFolder } from '@vp/contracts/registry';
import type { FileDifference } from './compare.ts';
import { errors } from './errors.ts';

/** A difference with the package that it is of. */
export interface PackageDifference extends FileDifference {
  /** Place of the package: `node_modules/pg`. */
  readonly place: string;
}

const words = { changed: 'was changed', missing: 'is missing', extra: 'was added' } as const;

/** A file of a package, as errors name it: from the project's folder. */
export function installedPath({ place, file }: Pick<PackageDifference, 'place' | 'file'>): string {
  return [installedFolder, place, file].filter((part) => part !== '').join('/');
}

/** `VP_PLUGIN_TAMPERED`, by its first file. */
export function tampered(init: {
  /** `name@version` */
  readonly plugin: string;
  readonly phase: string;
  readonly projectDir: string;
  readonly differences: readonly PackageDifference[];
}): VpError {
  const { plugin, phase, projectDir, differences } = init;
  const [first] = differences;
  if (first === undefined) throw new TypeError('a package that differs must differ in something');
  const file = installedPath(first);
  return errors.VP_PLUGIN_TAMPERED(
    { plugin, file, what: words[first.kind], more: differences.length - 1 },
    {
      plugin,
      phase,
      at: { file: join(projectDir, file) },
      details: {
        differences: differences.slice(0, 50).map((each) => ({ file: installedPath(each), kind: each.kind })),
      },
    },
  );
}
