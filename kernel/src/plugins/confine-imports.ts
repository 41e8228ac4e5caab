import { registerHooks } from 'node:module';

/** A module of an installed set, and the folder of that set. */
const inGeneration = /^file:.*\/\.vp\/plugins\/generations\/\d+\//;

/** `pg-native`, `@acme/units/x`; no path, no URL, no module of Node.js and no `#import` of the package itself. */
const isBare = (specifier: string): boolean => !/^(?:[./#]|[\w-]+:)/.test(specifier);

let isConfined = false;

/**
 * Packages of an installed set find packages of that set, and no others. Node.js looks upward through every
 * `node_modules`: an import that is optional, and whose package nobody installed, would find what the project
 * has for itself, which no vp.lock vouches for. What is named by a path or a URL is found as ever.
 */
export function confineImports(): void {
  if (isConfined) return;
  isConfined = true;
  registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context);
      const [set] = inGeneration.exec(context.parentURL ?? '') ?? [];
      if (set === undefined || !isBare(specifier)) return found;
      if (!found.url.startsWith('file:') || found.url.startsWith(set)) return found;
      // With the codes of Node.js: whoever tries an optional package looks for them.
      const code = context.conditions.includes('require') ? 'MODULE_NOT_FOUND' : 'ERR_MODULE_NOT_FOUND';
      const text = `Cannot find package '${specifier}' imported from ${context.parentURL}: it is not in vp.lock`;
      throw Object.assign(new Error(text), { code });
    },
  });
}
