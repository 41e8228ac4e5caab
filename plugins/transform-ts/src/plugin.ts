import { definePlugin, points, provider, services } from '@vp/plugin-sdk';
import { tsTransform } from './transform.ts';

export default definePlugin({
  register(registrar) {
    registrar.contribute(
      points.transform,
      'ts',
      provider(points.transform, {
        deps: { paths: services.paths },
        create: ({ deps }) => tsTransform({ project: deps.paths.project }),
      }),
    );
  },
});
