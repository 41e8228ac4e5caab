import { conformanceTests } from '@vp/plugin-sdk/testing';
import subjects from './conformance.ts';

conformanceTests(subjects, { from: import.meta.dirname });
