module.exports = { $$type: '@vp/plugin', version: 'v1', register() {} };
