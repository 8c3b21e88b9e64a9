import type { TenantSource } from './catalogue.js';
import type { Cell } from './cells.js';
import type { Front, Stage } from './stage.js';

/** A program that is run rather than asked. */
export interface Program {
  readonly id: string;
  readonly title: string;
  readonly tenant: TenantSource;
  readonly prepare: () => readonly [string, ...string[]];
  readonly run: (command: readonly [string, ...string[]], stage: Stage, front: Front) => Promise<Cell[]>;
}

export const COMMAND_LINES: readonly Program[] = [];
