import { channel } from 'node:diagnostics_channel';
import { registerHooks, syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import v8 from 'node:v8';

/** Tells the host what was tried and refused. */
export type ReportDenial = (attempt: { readonly permission: string; readonly wanted: string }) => void;

/** What Node's permission model says about itself, and the name that permissions have in manifests. */
const audited = {
  fs: 'fs',
  child: 'subprocess',
  worker: 'worker',
  net: 'network',
  inspector: 'inspector',
  addon: 'native',
  wasi: 'wasi',
  ffi: 'native',
} as const;

const modes: Readonly<Record<string, string>> = { FileSystemRead: 'read:', FileSystemWrite: 'write:' };

/** Reports what the permission model refuses. It refuses whether this hears of it or not. */
export function reportRefusals(report: ReportDenial): void {
  for (const [name, permission] of Object.entries(audited)) {
    channel(`node:permission-model:${name}`).subscribe((message) => {
      const { permission: node, resource } = message as { permission?: unknown; resource?: unknown };
      const what = typeof resource === 'string' ? resource : '';
      report({ permission, wanted: `${modes[String(node)] ?? ''}${what === '' ? String(node) : what}` });
    });
  }
}

/** Modules that the process is started without. */
const leftOut = new Set(['node:sqlite', 'node:ffi']);

/** Reports who asks for a module that is not there, and who wants to see all of the environment at once. */
export function reportLookings(report: ReportDenial): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (leftOut.has(specifier)) report({ permission: 'native', wanted: specifier });
      return next(specifier, context);
    },
  });
  const env = new Proxy(process.env, {
    ownKeys(target) {
      report({ permission: 'env', wanted: '*' });
      return Reflect.ownKeys(target);
    },
  });
  Object.defineProperty(process, 'env', { value: env, enumerable: true, configurable: true });
  syncBuiltinESMExports();
}

/** Of the process object: what reaches other processes, changes who this one is, or loads native code. */
const takenFromProcess = [
  'kill',
  '_kill',
  '_debugProcess',
  '_debugEnd',
  'setuid',
  'setgid',
  'seteuid',
  'setegid',
  'setgroups',
  'initgroups',
  'binding',
  '_linkedBinding',
  'execve',
] as const;

/**
 * Takes away what the permission model leaves: signals to other processes, other processes'
 * priorities, V8's flags (with natives syntax, memory is no longer safe) and crash reports, which are
 * written wherever they are told to. No reference to the originals is kept: code that runs later in
 * this realm could get at anything that this code calls.
 */
export function takeAway(report: ReportDenial, { native }: { readonly native: boolean }): void {
  const refuse = (what: string, permission: string) => () => {
    report({ permission, wanted: what });
    throw Object.assign(new Error(`${what} is not there in an isolated plugin.`), {
      code: 'ERR_ACCESS_DENIED',
      permission,
      resource: what,
    });
  };
  const replace = (target: object, owner: string, name: string, permission = 'process') => {
    if (!(name in target)) return;
    const value = refuse(`${owner}.${name}`, permission);
    Object.defineProperty(target, name, { value, writable: false, configurable: false });
  };
  for (const name of takenFromProcess) replace(process, 'process', name);
  if (!native) replace(process, 'process', 'dlopen', 'native');
  replace(os, 'os', 'setPriority');
  replace(v8, 'v8', 'setFlagsFromString');
  replace(v8, 'v8', 'setHeapSnapshotNearHeapLimit');
  Object.defineProperty(process, 'report', {
    get: () => report({ permission: 'process', wanted: 'process.report' }),
    configurable: false,
  });
  syncBuiltinESMExports();
}
