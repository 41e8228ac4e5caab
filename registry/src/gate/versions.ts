import { compare, major, prerelease, rsort, valid } from 'semver';
import { errors } from '../errors.ts';

/** Refuses a version that is none, is there already, or is not the highest of its major. */
export function checkVersion(request: {
  readonly name: string;
  readonly version: string;
  readonly published: readonly string[];
}): void {
  const { name, version, published } = request;
  if (valid(version) !== version)
    throw errors.VP_REGISTRY_VERSION({ version, problem: 'it is not a semantic version such as 1.2.0' });
  if (published.includes(version)) throw errors.VP_REGISTRY_VERSION_EXISTS({ name, version });
  const [highest] = rsort(published.filter((each) => major(each) === major(version)));
  if (highest !== undefined && compare(version, highest) <= 0)
    throw errors.VP_REGISTRY_VERSION({
      version,
      problem: `${highest} of the same major is published already`,
    });
}

/** The version whose promises a new one has to keep: the highest stable one of its major, or of its minor below 1.0.0. */
export function baseVersion(version: string, published: readonly string[]): string | undefined {
  const line = (each: string) =>
    major(each) === 0 ? each.split('.').slice(0, 2).join('.') : String(major(each));
  const candidates = published.filter(
    (each) => prerelease(each) === null && line(each) === line(version) && compare(each, version) < 0,
  );
  return rsort([...candidates])[0];
}
