import { accessSync, constants } from 'node:fs';
import { findProgram, installPackages } from './debian.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const found = () => names.map((name) => findProgram(name)).find((path) => path !== undefined);

/**
 * A browser for tests: the one that `VP_CHROMIUM` names, one of PATH, or Debian's, installed once a machine.
 *
 * @returns its path, or `{ problem }`: why there can be none here
 */
export async function findChromium(): Promise<{ readonly path: string } | { readonly problem: string }> {
  const named = process.env.VP_CHROMIUM;
  if (named !== undefined) {
    try {
      accessSync(named, constants.X_OK);
      return { path: named };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { problem: `VP_CHROMIUM names no program: ${reason}` };
    }
  }
  const known = found();
  if (known !== undefined) return { path: known };
  const problem = await installPackages(['chromium']);
  const path = found();
  if (path !== undefined) return { path };
  return { problem: `Chromium is not installed, and ${problem ?? 'apt-get installed none'}` };
}
