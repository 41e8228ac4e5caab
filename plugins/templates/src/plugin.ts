import { definePlugin } from '@vp/plugin-sdk';

/** Templates are data: `vp plugins new` reads them from the manifest, and nothing is registered. */
export default definePlugin({ register() {} });
