import { describe, expect, it } from 'vitest';
import type { Cell } from '../clients/cells.js';
import { ORMS } from './catalogue.js';
import { reportText } from './report.js';
import { GROUPS, groupOf, OWN_STEPS, PHASES, stepsOf } from './steps.js';

describe('steps', () => {
  it('are in one group each, and asked for in one phase each', () => {
    const asked = [...PHASES.flatMap((phase) => stepsOf(phase)), ...OWN_STEPS];
    expect(new Set(asked).size).toBe(asked.length);
    expect([...asked].sort()).toEqual(Object.values(GROUPS).flat().sort());
    for (const step of asked) expect(GROUPS[groupOf(step)]).toContain(step);
  });
});

describe('docs/orms.md', () => {
  const cell = (feature: string, problem: string | null, straight: string | null = null): Cell => ({
    ...{ client: 'knex', version: '3.3.0', mode: 'mysql2 3.24.6', server: 'MySQL 9.7', tls: false },
    ...{ feature, problem, straight },
  });

  it('tells what is the same, what is known not to be, what is not, and what was not tried', () => {
    const cells = [
      cell('create tables', null),
      cell('create', null),
      cell('LIKE', 'differs: …'),
      cell('aggregates', 'differs: …', 'a known limit'),
      cell('join', null),
    ];
    const text = reportText(ORMS, cells, [{ what: 'Django (Python)', reason: 'no Python' }]);
    expect(text).toContain(
      '| Knex (Node.js) | 3.3.0 | mysql2 3.24.6 | MySQL 9.7 | ✓ 1 | ✗ 1 of 2 | ✓ 1 ○ 1 | – | – | – | – | – |',
    );
    expect(text).toContain('- Knex (Node.js), MySQL 9.7, LIKE: differs: …');
    expect(text).toContain('- Knex (Node.js), MySQL 9.7, aggregates: a known limit');
    expect(text).toContain('- Django (Python): no Python');
    expect(text).not.toContain('Sequelize');
  });
});
