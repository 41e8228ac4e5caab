import { errors } from './errors.ts';

/** The parts of `secret://<scheme>/<path>`. @throws VpError `VP_SECRET_BAD_REFERENCE` */
export function parseSecretRef(ref: string): { readonly scheme: string; readonly path: string } {
  const match = /^secret:\/\/([^/]*)(?:\/(.*))?$/s.exec(ref);
  const [, scheme = '', path = ''] = match ?? [];
  const problem =
    match === null
      ? 'it does not start with secret://'
      : scheme === ''
        ? 'it has no scheme'
        : !/^[a-z][a-z0-9]*([-.:][a-z0-9]+)*$/.test(scheme)
          ? `"${scheme}" is no scheme`
          : path === ''
            ? 'it has no path after the scheme'
            : undefined;
  if (problem !== undefined) throw errors.VP_SECRET_BAD_REFERENCE({ ref, problem });
  return { scheme, path };
}
