import { hostile } from './hostile.mts';
export default hostile(() => 'x'.repeat(50_000_000));
