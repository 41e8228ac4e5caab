// A copy of the SDK of its own: nothing in it is the same object as in the kernel's copy.
const VP_ERROR = Symbol.for('vp.error');

export class VpError extends Error {
  constructor(init) {
    super(init.message);
    Object.assign(this, init, { exitCode: 4 });
    Object.defineProperty(this, VP_ERROR, { value: true });
  }

  toJSON() {
    return { code: this.code, class: this.class, message: this.message, docs: '' };
  }
}

export const definePlugin = (definition) => ({ $$type: '@vp/plugin', version: 'v1', ...definition });

export const point = (id) => ({
  $$type: '@vp/extension-point',
  version: 'v1',
  id,
  major: 1,
  contract: `${id}@1`,
});

export const serviceRef = (id, scope) => ({
  $$type: '@vp/service-ref',
  version: 'v1',
  id,
  major: 1,
  scope,
  isOptional: false,
  token: Symbol.for(`vp:service/${id}@1`),
  key: `${id}@1`,
});
