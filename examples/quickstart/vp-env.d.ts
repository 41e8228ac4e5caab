// Written by `vp types sync` from the plugins of vp.toml: what source() and sink() may name.
import type {} from '@vp/files';
