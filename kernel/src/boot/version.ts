/** Version of the kernel, against which `engines.vp` is held. A test keeps it equal to package.json. */
export const kernelVersion = '1.0.0';
