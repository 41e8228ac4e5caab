import { errors } from '../errors.ts';
import type { PackageJson } from './package-json.ts';
import type { PackedPackage } from './tarball.ts';

/** What npm runs when a package comes from a registry. `prepare` is not among them: it runs for git and folders only. */
const runAtInstall = ['preinstall', 'install', 'postinstall'] as const;

/** Refuses a package that runs code when it is installed, unless the platform team allows it. */
export function checkInstallScripts(request: {
  readonly packageJson: PackageJson;
  readonly packed: PackedPackage;
  readonly allowed: readonly string[];
}): void {
  const { packageJson, packed, allowed } = request;
  const { name, scripts = {} } = packageJson;
  if (allowed.includes(name)) return;
  for (const script of runAtInstall) {
    const command = scripts[script];
    if (command !== undefined)
      throw errors.VP_REGISTRY_INSTALL_SCRIPT({ name, script: `"${script}": ${JSON.stringify(command)}` });
  }
  // npm builds such a package with node-gyp, without being told.
  if (packed.has('binding.gyp'))
    throw errors.VP_REGISTRY_INSTALL_SCRIPT({
      name,
      script: 'binding.gyp, which npm builds when it installs',
    });
}
