import { hostile } from './hostile.mts';
export default hostile(() => Object.keys(Reflect.get(process, 'binding')('spawn_sync')));
