import { definePlugin, points, provider } from '@vp/plugin-sdk';
import { create{{class}}Validator } from './validator.ts';

const validator = provider(points.validator, { create: () => create{{class}}Validator() });

export default definePlugin({
  register(registrar) {
    registrar.contribute(points.validator, '{{id}}', validator);
  },
});
