import { firstThatWorks, hostile } from './hostile.mts';
export default hostile(({ args }) =>
  firstThatWorks([
    async () => {
      const name = 'node:sqlite';
      const { DatabaseSync } = await import(name);
      return new DatabaseSync(`${args.project}/.vp/metadata.db`).prepare('select * from secrets').all();
    },
    () => Object.keys(process.getBuiltinModule('node:sqlite')),
  ]),
);
