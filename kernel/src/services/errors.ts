import { defineErrors, didYouMean } from '@vp/contracts';

/** Errors of services: `VP_SERVICE_*`. */
export const { errors, table: errorTable } = defineErrors({
  VP_SERVICE_DUPLICATE: {
    class: 'config',
    summary: 'Two plugins provide the same service.',
    message: (p: { service: string; first: string; second: string }) =>
      `Service ${p.service} is provided by ${p.first} and again by ${p.second}; one of them would win silently.`,
    hint: (p) => `Remove ${p.first} or ${p.second} from [plugins] in vp.toml.`,
  },
  VP_SERVICE_MISSING: {
    class: 'config',
    summary: 'A plugin requires a service that no plugin of the deployment provides.',
    message: (p: { service: string; by: string; known: readonly string[] }) =>
      `${p.by} requires service ${p.service}, which nothing here provides. ${didYouMean(p.service, p.known)}`.trimEnd(),
    hint: (p) => `Install a plugin that provides ${p.service}, and add it to [plugins] in vp.toml.`,
  },
  VP_SERVICE_NOT_DECLARED: {
    class: 'plugin',
    summary: 'A plugin uses or provides a service that its manifest does not name.',
    message: (p: { service: string; by: string; known: readonly string[] }) =>
      `${p.by} uses service ${p.service}, which its manifest does not name. ${didYouMean(p.service, p.known)}`.trimEnd(),
    hint: (p) => `Add "${p.service}" to vp.requires.services in the package.json of ${p.by}.`,
  },
  VP_SERVICE_SCOPE: {
    class: 'plugin',
    summary:
      'A service depends on one that lives shorter than itself, or is asked for where its scope does not exist.',
    message: (p: { service: string; scope: string; needs: string; needsScope: string }) =>
      `${p.service} of scope ${p.scope} needs ${p.needs} of scope ${p.needsScope}, which does not live as long.`,
    hint: (p) =>
      `Give ${p.service} the scope ${p.needsScope}, or pass what it needs from ${p.needs} as an argument.`,
  },
  VP_SERVICE_SCOPE_MISMATCH: {
    class: 'plugin',
    summary: 'Two packages name the same service with different scopes.',
    message: (p: { service: string; wanted: string; actual: string; owner: string }) =>
      `Service ${p.service} is wanted with scope ${p.wanted}, but ${p.owner} provides it with scope ${p.actual}.`,
    hint: (p) => `Import the reference of ${p.service} from one package instead of writing it twice.`,
  },
  VP_SERVICE_CYCLE: {
    class: 'plugin',
    summary: 'Services depend on each other in a circle.',
    message: (p: { path: readonly string[]; owners: readonly string[] }) =>
      `Services depend on each other in a circle: ${p.path.join(' -> ')} (of ${[...new Set(p.owners)].join(', ')}).`,
    hint: (p) => `Make one of them ask for the other later, or split ${p.path[0]} in two.`,
  },
  VP_SERVICE_SEALED: {
    class: 'internal',
    summary: 'A service was declared after plugins had got their containers.',
    message: (p: { service: string; owner: string }) =>
      `Service ${p.service} of ${p.owner} was declared after the container had been sealed.`,
    hint: () => 'Declare every service before the first plugin is activated.',
  },
  VP_SERVICE_FACTORY_FAILED: {
    class: 'plugin',
    summary: 'The factory of a service threw.',
    message: (p: { service: string; reason: string }) =>
      `Service ${p.service} could not be made: ${p.reason}`,
    hint: (p) => `The fault is in the factory of ${p.service}; its cause is shown with --verbose.`,
  },
  VP_DISPOSE_FAILED: {
    class: 'plugin',
    summary: 'Something could not be closed when its plugin or run ended.',
    message: (p: { what: string; reason: string }) => `${p.what} could not be closed: ${p.reason}`,
    hint: () => 'Everything else was closed. What this left behind may need cleaning by hand.',
  },
  VP_DISPOSE_TIMEOUT: {
    class: 'plugin',
    summary: 'Something did not close in time when its plugin or run ended.',
    message: (p: { what: string; ms: number }) =>
      `${p.what} did not close within ${p.ms} ms and was given up.`,
    hint: () => 'Everything else was closed. Its author should make it end when its abort signal fires.',
  },
});
