import { hostile } from './hostile.mts';

export default hostile(({ args }) => {
  process.report.directory = String(args.project);
  process.report.reportOnFatalError = true;
  return 'the next crash writes there';
});
