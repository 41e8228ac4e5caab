export default { $$type: '@vp/plugin', version: 'v1', register() {} };
