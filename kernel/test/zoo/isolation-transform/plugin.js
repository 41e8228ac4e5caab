throw new Error('a plugin that must be isolated ran in the host');
