import { hostile } from './hostile.mts';
export default hostile(() => {
  const names = Object.keys(process.env).filter((name) => !['TMPDIR', 'UV_THREADPOOL_SIZE'].includes(name));
  if (names.length > 0) return JSON.stringify(process.env);
  throw new Error('nothing there');
});
