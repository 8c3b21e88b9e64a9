import { describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/rewrite/catalog.js';
import { type SessionState, SessionVariables } from '../../src/session/session-variables.js';

const CATALOG: Catalog = { generation: 1, tables: new Map(), dependents: [] };
const STATE: SessionState = {
  sqlMode: 'STRICT_TRANS_TABLES',
  characterSetClient: 'utf8mb4',
  characterSetConnection: 'utf8mb4',
  lowerCaseTableNames: 0,
  database: 'shop',
  safeUpdates: false,
  notes: true,
};

function variables(kind: 'mysql' | 'mariadb' = 'mysql'): SessionVariables {
  const made = new SessionVariables({ kind, version: 90704 });
  made.reset(STATE);
  return made;
}

function set(name: string, value: string | Buffer) {
  return [{ kind: 'systemVariables' as const, variables: [{ name, value: Buffer.from(value) }] }];
}

describe('SessionVariables', () => {
  it('is not trusted before its state was read', () => {
    expect(new SessionVariables({ kind: 'mysql', version: 90704 }).distrust).not.toBeNull();
    expect(variables().distrust).toBeNull();
  });

  it('makes a new context only when something of it changes', () => {
    const v = variables();
    const first = v.context(CATALOG, false);
    expect(v.context(CATALOG, false)).toBe(first);
    expect(v.context(CATALOG, true)).not.toBe(first);
    v.apply(set('time_zone', '+00:00'));
    expect(v.context(CATALOG, false)).toBe(first);
    v.apply(set('sql_mode', 'ANSI_QUOTES'));
    const second = v.context(CATALOG, false);
    expect(second).not.toBe(first);
    expect(second.dialect.sqlMode).toMatchObject({ ansiQuotes: true, strict: false });
    expect(v.context({ ...CATALOG, generation: 2 }, false)).not.toBe(second);
  });

  it.each([
    [
      'character_set_client',
      'LATIN1',
      (c: ReturnType<SessionVariables['context']>) => c.dialect.characterSetClient,
      'latin1',
    ],
    ['sql_safe_updates', 'ON', (c: ReturnType<SessionVariables['context']>) => c.safeUpdates, true],
    ['sql_safe_updates', '0', (c: ReturnType<SessionVariables['context']>) => c.safeUpdates, false],
  ] as const)('follows %s = %s', (name, value, read, expected) => {
    const v = variables();
    v.apply(set(name, value));
    expect(read(v.context(CATALOG, false))).toBe(expected);
  });

  it('follows the schema, an empty name being none', () => {
    const v = variables();
    v.apply([{ kind: 'schema', name: Buffer.from('other') }]);
    expect(v.context(CATALOG, false).database).toBe('other');
    v.apply([{ kind: 'schema', name: Buffer.alloc(0) }]);
    expect(v.context(CATALOG, false).database).toBeNull();
  });

  it('does not trust what it can not read', () => {
    const v = variables();
    v.apply(set('sql_mode', Buffer.from('\0A\0N\0S\0I', 'latin1')));
    expect(v.distrust).not.toBeNull();
  });

  it('does not trust a server whose flags say another sql_mode', () => {
    for (const [kind, flags, trusted] of [
      ['mysql', 0x0002, true],
      ['mysql', 0x0202, false],
      ['mysql', 0x8002, true],
      ['mariadb', 0x8002, false],
      ['mariadb', 0x0002, true],
    ] as const) {
      const v = variables(kind);
      v.checkStatusFlags(flags);
      expect([kind, flags, v.distrust === null]).toEqual([kind, flags, trusted]);
    }
  });
});
