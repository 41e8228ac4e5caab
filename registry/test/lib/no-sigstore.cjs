// `npm audit signatures` first asks Sigstore's public repository for the keys of a registry, which a machine without a
// route cannot, and then the registry itself. This answers for Sigstore as it does for every registry but npm's own:
// that it has none. All that verifies is npm's.
const Module = require('node:module');

const load = Module._load;
Module._load = function (request, ...rest) {
  if (request !== '@sigstore/tuf') return load.call(this, request, ...rest);
  const getTarget = async () => {
    throw Object.assign(new Error('no such target'), { code: 'TUF_FIND_TARGET_ERROR' });
  };
  return { initTUF: async () => ({ getTarget }) };
};
