import { defineErrors } from '@vp/contracts';

export const { errors, table: errorTable } = defineErrors({
  VP_PERMISSION_NOT_GRANTED: {
    class: 'config',
    summary: 'A plugin asks for a permission that the deployment does not grant. It is not loaded.',
    message: (p: { plugin: string; missing: string; edit: string }) =>
      `Plugin ${p.plugin} asks for what vp.toml does not grant: ${p.missing}.`,
    hint: (p) => `Grant it in vp.toml: ${p.edit}`,
  },
  VP_PERMISSION_DENIED: {
    class: 'config',
    summary: 'A plugin tried something that its manifest does not ask for, or that was not granted.',
    message: (p: { plugin: string; permission: string; wanted: string; why: string }) =>
      `Plugin ${p.plugin} may not use ${p.permission} ${p.wanted}: ${p.why}.`,
    hint: () =>
      "The plugin's author lists it in permissions of the manifest; the deployment grants it in vp.toml.",
  },
});
