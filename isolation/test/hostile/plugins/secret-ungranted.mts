import { hostile, secretsOf } from './hostile.mts';
export default hostile(
  async (loot) => (await secretsOf(loot).get('secret://env/DATABASE_PASSWORD')).reveal(),
  { services: ['vp.secrets@1'] },
);
