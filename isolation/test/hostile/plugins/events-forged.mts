import type { EventStream } from '@vp/contracts';
import { hostile } from './hostile.mts';
export default hostile(
  (loot) => {
    const events = loot.deps['vp.events@1'] as EventStream;
    events.publish({
      type: 'plugin.failed',
      plugin: '@vp/postgres',
      error: { code: 'VP_X', class: 'plugin', message: 'lies', docs: '' },
    });
    throw new Error('published');
  },
  { services: ['vp.events@1'] },
);
