import { defineErrors } from '@vp/contracts';

interface At {
  /** Base URL, without credentials. */
  readonly registry: string;
}

const offline =
  'Everything that is installed works without it: vp run, vp plan, vp plugins list, verify and rollback; vp plugins install --from <bundle> installs without a network.';

const isHere = (registry: string) => /\/\/(127\.|localhost|\[::1\])/.test(registry);

export const { errors, table: errorTable } = defineErrors({
  VP_REGISTRY_UNREACHABLE: {
    class: 'transient',
    summary: 'A registry cannot be reached.',
    message: (p: At & { cause: string }) => `The registry ${p.registry} cannot be reached: ${p.cause}.`,
    hint: (p) =>
      `${isHere(p.registry) ? 'Start it (vp registry start), or check' : 'Check'} its URL, proxy and VPN (npm config list). ${offline}`,
  },
  VP_REGISTRY_SLOW: {
    class: 'transient',
    summary: 'A registry did not finish its answer in time.',
    message: (p: At & { document: string; seconds: number }) =>
      `The registry ${p.registry} did not finish its answer to ${p.document} within ${p.seconds} s.`,
    hint: () => `Try again, or look at the registry: vp registry status. ${offline}`,
  },
  VP_REGISTRY_NOT_CACHED: {
    class: 'transient',
    summary: 'npm is set to work offline, and its cache does not have what is asked for.',
    message: (p: At & { document: string }) =>
      `${p.document} of ${p.registry} is not in npm's cache, and .npmrc or the environment says offline=true.`,
    hint: () => `Leave out offline=true for this command. ${offline}`,
  },
  VP_REGISTRY_TLS: {
    class: 'config',
    summary: "A registry's certificate is not trusted.",
    message: (p: At & { cause: string }) => `The certificate of ${p.registry} is not trusted: ${p.cause}.`,
    hint: () => "Name your company's certificates in .npmrc: cafile=/path/to/ca.pem",
    exitCode: 4,
  },
  VP_REGISTRY_LOGIN_NEEDED: {
    class: 'config',
    summary: 'A registry wants to know who asks.',
    message: (p: At & { document: string }) =>
      `The registry ${p.registry} answers ${p.document} with 401: it wants a login.`,
    hint: (p) =>
      `Log in with npm login --registry ${p.registry}, or put a token of vp registry user token into .npmrc: ${p.registry.replace(/^https?:/, '')}:_authToken=\${VP_REGISTRY_TOKEN}`,
  },
  VP_REGISTRY_NO_ACCESS: {
    class: 'config',
    summary: 'A registry does not let this user do this.',
    message: (p: At & { document: string }) =>
      `The registry ${p.registry} answers ${p.document} with 403: this user may not see it.`,
    hint: (p) =>
      `Ask who runs the registry for access, or log in as somebody else: npm login --registry ${p.registry}`,
  },
  VP_REGISTRY_NO_PACKAGE: {
    class: 'user',
    summary: 'A registry does not have a package.',
    message: (p: At & { package: string; suggestion: string }) =>
      `The registry ${p.registry} has no package ${p.package}. ${p.suggestion}`.trimEnd(),
    hint: (p) =>
      `Look for it: vp plugins search ${p.package.replace(/^@[^/]*\//, '')}. Another registry for its scope stands in .npmrc: @scope:registry=…`,
  },
  VP_REGISTRY_NOT_A_PLUGIN: {
    class: 'user',
    summary: 'A package is no plugin: its package.json has no valid "vp" field.',
    message: (p: At & { package: string; problem: string }) =>
      `${p.package} of ${p.registry} is no plugin of VibePiper: ${p.problem}.`,
    hint: () => 'Look for plugins with vp plugins search.',
  },
  VP_REGISTRY_BAD_ANSWER: {
    class: 'transient',
    summary: 'A registry answers with something that is not what was asked for.',
    message: (p: At & { document: string; problem: string }) =>
      `The registry ${p.registry} answers ${p.document} with something else: ${p.problem}.`,
    hint: () =>
      'Check that the URL is that of an npm registry, and that no proxy or login page answers in its place.',
  },
  VP_REGISTRY_REFUSED: {
    class: 'user',
    summary: 'A registry says that what it is asked for makes no sense.',
    message: (p: At & { said: string; next: string }) =>
      `The registry ${p.registry} answers: ${p.said}${/[.!?]$/.test(p.said) ? '' : '.'}`,
    hint: (p) => p.next || 'Correct what was asked for.',
  },
  VP_REGISTRY_FAILED: {
    class: 'transient',
    summary: 'A registry answers with an error.',
    message: (p: At & { document: string; status: number; said: string }) =>
      `The registry ${p.registry} answers ${p.document} with ${p.status}${p.said === '' ? '' : `: ${p.said.replace(/[.!?]$/, '')}`}.`,
    hint: () => `Try again later, or look at the registry: vp registry status. ${offline}`,
  },
});
