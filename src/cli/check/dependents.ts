import type { Dependent } from '../../rewrite/catalog.js';
import { type Finding, warning } from './finding.js';

const CONSEQUENCES: Record<Dependent['kind'], string> = {
  view: 'it shows ciphertext, and statements that name it are refused; name the table in them instead',
  trigger:
    'it sees ciphertext, and what it writes elsewhere is not rewritten; see that it touches no protected column',
  routine:
    'its statements are not rewritten; CALL needs it in policy.calls: see that it touches no protected column',
  event: 'its statements run without tenantcrypt; see that it touches no protected column',
};

/** Views, triggers, routines and events whose text names a protected table, or may not be read (semantics.md 7). */
export function checkDependents(dependents: readonly Dependent[]): Finding[] {
  return dependents.map(({ kind, schema, name }) =>
    warning(
      `${schema}.${name}`,
      `is a ${kind} over protected tables, or its text may not be read: ${CONSEQUENCES[kind]}`,
    ),
  );
}
