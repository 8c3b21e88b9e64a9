/** What an ORM's program is asked to do: it is started once for each of these, in this order. */
export const PHASES = ['migrate', 'suite', 'other', 'again'] as const;
export type Phase = (typeof PHASES)[number];

/** The columns of docs/orms.md, each with the steps that a program has to print. */
export const GROUPS = {
  migrations: ['create tables', 'change tables', 'introspect', 'nothing left to do'],
  CRUD: [
    'create',
    'bulk create',
    'find by id',
    'find by protected value',
    'LIKE',
    'IN',
    'range and order',
    'IS NULL',
    'update one',
    'update where',
    'upsert',
    'increment',
    'increment protected',
    'delete',
    'soft delete',
  ],
  relations: ['create related', 'eager', 'lazy', 'join', 'count related', 'aggregates'],
  pagination: ['page', 'keyset'],
  transactions: ['commit', 'rollback', 'savepoint', 'lock'],
  values: ['NULL and empty', 'emoji', 'long text', 'bytes', 'duplicate key', 'raw SQL'],
  tenants: ['other tenant', 'own rows again'],
  'at rest': ['ciphertext'],
} as const;
export type Group = keyof typeof GROUPS;

/** Steps that the harness itself adds, after the programs. */
export const OWN_STEPS: readonly string[] = GROUPS['at rest'];

/** @throws Error for a step that is in no group */
export function groupOf(step: string): Group {
  for (const [group, steps] of Object.entries(GROUPS)) {
    if ((steps as readonly string[]).includes(step)) return group as Group;
  }
  throw new Error(`no group has the step ${step}`);
}

/** @returns the steps that a program prints in a phase */
export function stepsOf(phase: Phase): readonly string[] {
  if (phase === 'migrate') return GROUPS.migrations;
  if (phase === 'other') return ['other tenant'];
  if (phase === 'again') return ['own rows again'];
  return [
    ...GROUPS.CRUD,
    ...GROUPS.relations,
    ...GROUPS.pagination,
    ...GROUPS.transactions,
    ...GROUPS.values,
  ];
}
