import type { EventStream } from '@vp/contracts';
import { hostile } from './hostile.mts';
export default hostile(
  (loot) => {
    const events = loot.deps['vp.events@1'] as EventStream;
    events.publish({ type: 'log', level: 'error', plugin: '@vp/postgres', message: 'lies' });
    throw new Error('published');
  },
  { services: ['vp.events@1'] },
);
