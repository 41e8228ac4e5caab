import { defineErrors } from '@vp/plugin-sdk';

/** Every error of the plugin. Only those of class `transient` are tried again. */
export const { errors, table: errorTable } = defineErrors({
  VP_{{code}}_UNREACHABLE: {
    class: 'transient',
    summary: 'The API did not answer, or answered that it is busy.',
    message: (p: { url: string; problem: string }) => `${p.url} did not answer: ${p.problem}.`,
    hint: () => 'Check host and port in vp.toml, and the network: vp doctor',
  },
  VP_{{code}}_UNAUTHORIZED: {
    class: 'config',
    summary: 'The API refuses the token.',
    message: (p: { url: string }) => `${p.url} refuses the token.`,
    hint: () => 'Set another `token` for the connection in vp.toml.',
  },
  VP_{{code}}_COLLECTION: {
    class: 'user',
    summary: 'The API has no collection of that name.',
    message: (p: { url: string; collection: string }) => `${p.url} has no collection "${p.collection}".`,
    hint: () => 'Correct `collection` in the pipeline.',
  },
  VP_{{code}}_ANSWER: {
    class: 'data',
    summary: 'The API answered with something that is not what it documents.',
    message: (p: { url: string; problem: string }) => `${p.url} answered with ${p.problem}.`,
    hint: () => 'See whether the API has a new version.',
  },
});
