import type { Program } from './command-lines.js';
export const DUMP_FEATURES: readonly string[] = [];
export const DUMPS: readonly Program[] = [];
