export { errorTable } from './errors.ts';
