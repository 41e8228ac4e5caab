import { didYouMean } from '@vp/contracts';
import type { Platform } from '../tree/platform.ts';
import { errors } from './errors.ts';

const systems = ['linux', 'darwin', 'win32', 'freebsd'];
const processors = ['x64', 'arm64', 'arm', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64'];
const libraries = ['glibc', 'musl'];

/** `linux-x64`, `linux-arm64-musl`, `darwin-arm64`. @throws VpError `VP_BUNDLE_PLATFORM_UNKNOWN` */
export function parsePlatform(text: string): Platform {
  const [os = '', cpu = '', libc, ...rest] = text.split('-');
  const isLinux = os === 'linux';
  const hasLibrary = libc === undefined || (isLinux && libraries.includes(libc));
  if (!systems.includes(os) || !processors.includes(cpu) || !hasLibrary || rest.length > 0) {
    const suggestion = didYouMean(text, common);
    throw errors.VP_BUNDLE_PLATFORM_UNKNOWN({ text, suggestion });
  }
  return isLinux ? { os, cpu, libc: libc ?? 'glibc' } : { os, cpu };
}

/** As `--for` takes it. */
export const platformText = ({ os, cpu, libc }: Platform): string =>
  libc === undefined || libc === 'glibc' ? `${os}-${cpu}` : `${os}-${cpu}-${libc}`;

export const samePlatform = (a: Platform, b: Platform): boolean => platformText(a) === platformText(b);

const common = [
  'linux-x64',
  'linux-arm64',
  'linux-x64-musl',
  'linux-arm64-musl',
  'darwin-arm64',
  'darwin-x64',
  'win32-x64',
  'win32-arm64',
];
