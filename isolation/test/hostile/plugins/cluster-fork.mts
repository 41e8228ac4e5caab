import cluster from 'node:cluster';
import { hostile } from './hostile.mts';
export default hostile(() => cluster.fork().id);
