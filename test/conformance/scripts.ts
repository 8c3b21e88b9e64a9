import type { ScriptProtocol } from './script.js';

/** Scripts of the suite main that run to their end against a bare server, and how each is played. */
export const DEFAULT_SCRIPTS: readonly {
  readonly protocol: ScriptProtocol;
  readonly names: readonly string[];
}[] = [];
