import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load-config.js';
import { ProxyError } from '../../src/errors.js';
import type { TenantSource } from '../../src/tenant/sources/tenant-source.js';
import { splitUserSuffix } from '../../src/tenant/sources/user-suffix.js';
import { UNEVALUABLE } from '../../src/tenant/sources/user-variable.js';
import { TenantResolver } from '../../src/tenant/tenant-resolver.js';

const ATTRIBUTE: TenantSource = { kind: 'connectionAttribute', name: 'tenant_id' };
const VARIABLE: TenantSource = { kind: 'userVariable', name: 'tenant_id' };
const SUFFIX: TenantSource = { kind: 'userSuffix' };
const FIXED: TenantSource = { kind: 'fixed', tenant: 'fallback' };

function resolver(sources: TenantSource[], allowSwitch = false): TenantResolver {
  return new TenantResolver({ sources, pattern: /^(?:[A-Za-z0-9._-]{1,64}|__proto__)$/u, allowSwitch });
}

/** The tenant, or the code of the refusal. */
function stateOf(target: TenantResolver): string {
  const state = target.current();
  return state.kind === 'tenant' ? state.tenant : state.error.code;
}

function codeOf(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof ProxyError) return error.code;
    throw error;
  }
}

describe('at login', () => {
  it.each<[string, TenantSource[], [string, string][], string, string, string]>([
    ['no source yields', [ATTRIBUTE, VARIABLE], [], 'app', 'TC_NO_TENANT', 'app'],
    ['an attribute', [ATTRIBUTE], [['tenant_id', 't1']], 'app', 't1', 'app'],
    [
      'an attribute of another case is another',
      [ATTRIBUTE],
      [['Tenant_Id', 't1']],
      'app',
      'TC_NO_TENANT',
      'app',
    ],
    [
      'an attribute that is not of the pattern',
      [ATTRIBUTE, FIXED],
      [['tenant_id', 't 1']],
      'app',
      'TC_BAD_TENANT',
      'app',
    ],
    ['an empty attribute', [ATTRIBUTE, FIXED], [['tenant_id', '']], 'app', 'TC_BAD_TENANT', 'app'],
    [
      'an attribute twice, differing',
      [ATTRIBUTE],
      [
        ['tenant_id', 'a'],
        ['tenant_id', 'b'],
      ],
      'app',
      'TC_TENANT_MISMATCH',
      'app',
    ],
    [
      'an attribute twice, the same',
      [ATTRIBUTE],
      [
        ['tenant_id', 'a'],
        ['tenant_id', 'a'],
      ],
      'app',
      'a',
      'app',
    ],
    ['a suffix', [SUFFIX], [], 'app%t1', 't1', 'app'],
    ['a suffix after a % in the name', [SUFFIX], [], 'a%b%t1', 't1', 'a%b'],
    ['an empty suffix', [SUFFIX, FIXED], [], 'app%', 'TC_BAD_TENANT', 'app'],
    ['no suffix', [SUFFIX], [], 'app', 'TC_NO_TENANT', 'app'],
    ['a % where no suffix is configured', [ATTRIBUTE], [['tenant_id', 't1']], 'a%b', 't1', 'a%b'],
    ['attribute and suffix that agree', [ATTRIBUTE, SUFFIX], [['tenant_id', 't1']], 'app%t1', 't1', 'app'],
    [
      'attribute and suffix that differ',
      [ATTRIBUTE, SUFFIX],
      [['tenant_id', 't1']],
      'app%t2',
      'TC_TENANT_MISMATCH',
      'app',
    ],
    [
      'the same in the other order',
      [SUFFIX, ATTRIBUTE],
      [['tenant_id', 't1']],
      'app%t2',
      'TC_TENANT_MISMATCH',
      'app',
    ],
    [
      'differing in case only',
      [ATTRIBUTE, SUFFIX],
      [['tenant_id', 'T1']],
      'app%t1',
      'TC_TENANT_MISMATCH',
      'app',
    ],
    ['fixed alone', [FIXED], [], 'app', 'fallback', 'app'],
    ['fixed after one that yields', [ATTRIBUTE, FIXED], [['tenant_id', 't1']], 'app', 't1', 'app'],
    ['a tenant named __proto__', [ATTRIBUTE], [['tenant_id', '__proto__']], 'app', '__proto__', 'app'],
    [
      'a tenant longer than any pattern should see',
      [ATTRIBUTE],
      [['tenant_id', 'a'.repeat(256)]],
      'app',
      'TC_BAD_TENANT',
      'app',
    ],
  ])('%s', (_, sources, attributes, user, expected, userForBackend) => {
    const target = resolver(sources);
    expect(target.onConnect({ attributes, user }).userForBackend).toBe(userForBackend);
    expect(stateOf(target)).toBe(expected);
  });

  it('refuses user names that may have been cut, where a suffix is configured', () => {
    const user = `app%${'t'.repeat(92)}`;
    expect(codeOf(() => resolver([SUFFIX]).onConnect({ attributes: [], user }))).toBe('TC_LIMIT');
    expect(
      codeOf(() => resolver([SUFFIX]).onConnect({ attributes: [], user: user.slice(0, -1) })),
    ).toBeUndefined();
    expect(codeOf(() => resolver([SUFFIX]).onConnect({ attributes: [], user: 'é'.repeat(48) }))).toBe(
      'TC_LIMIT',
    );
    expect(codeOf(() => resolver([ATTRIBUTE]).onConnect({ attributes: [], user }))).toBeUndefined();
  });

  it('says how to name a tenant, for each source configured', () => {
    const state = resolver([ATTRIBUTE, VARIABLE, SUFFIX]).current();
    expect(state.kind === 'refused' && state.error.message).toBe(
      "no tenant is known for this session; connect with the attribute tenant_id or SET @tenant_id = '<tenant>' or log in as <user>%<tenant>",
    );
  });
});

describe('the user variable', () => {
  it.each<[string, boolean]>([
    ['tenant_id', true],
    ['TENANT_ID', true],
    ['Ténant_id', true],
    ['tenant_id  ', true],
    ['tenant_İd', true],
    ['tenant_ıd', true],
    [' tenant_id', false],
    ['tenantid', false],
    ['', false],
  ])('%j is it: %s', (name, expected) => {
    const target = resolver([VARIABLE]);
    expect(target.isTenantVariable(name)).toBe(expected);
    target.onUserVariableAssignment(name, 't1');
    expect(stateOf(target)).toBe(expected ? 't1' : 'TC_NO_TENANT');
  });

  it('is no source unless configured', () => {
    const target = resolver([ATTRIBUTE]);
    expect(target.isTenantVariable('tenant_id')).toBe(false);
    target.onUserVariableAssignment('tenant_id', 't1');
    expect(stateOf(target)).toBe('TC_NO_TENANT');
  });

  it('holds until the next SET, NULL or reset', () => {
    const target = resolver([VARIABLE]);
    target.onConnect({ attributes: [], user: 'app' });
    target.onUserVariableAssignment('tenant_id', 't1');
    expect(stateOf(target)).toBe('t1');
    target.onUserVariableAssignment('tenant_id', 't2');
    expect(stateOf(target)).toBe('t2');
    target.onUserVariableAssignment('tenant_id', null);
    expect(stateOf(target)).toBe('TC_NO_TENANT');
    target.onUserVariableAssignment('tenant_id', 't3');
    target.onReset();
    expect(stateOf(target)).toBe('TC_NO_TENANT');
  });

  it('refused assignments change nothing', () => {
    const target = resolver([VARIABLE]);
    target.onUserVariableAssignment('tenant_id', 't1');
    expect(codeOf(() => target.onUserVariableAssignment('tenant_id', 't 1'))).toBe('TC_BAD_TENANT');
    expect(codeOf(() => target.onUserVariableAssignment('tenant_id', ''))).toBe('TC_BAD_TENANT');
    expect(codeOf(() => target.onUserVariableAssignment('tenant_id', UNEVALUABLE))).toBe('TC_BAD_TENANT');
    expect(codeOf(() => target.checkUserVariableAssignment('t2'))).toBeUndefined();
    expect(stateOf(target)).toBe('t1');
  });

  it('names no value in its errors', () => {
    const target = resolver([VARIABLE, ATTRIBUTE]);
    target.onConnect({ attributes: [['tenant_id', 't1']], user: 'app' });
    for (const value of ['hunter2', 'hunter2 x']) {
      expect(() => target.onUserVariableAssignment('tenant_id', value)).toThrow(/^(?!.*hunter2)/);
    }
  });

  it('overrides fixed, and NULL brings fixed back', () => {
    const target = resolver([VARIABLE, FIXED]);
    target.onUserVariableAssignment('tenant_id', 't1');
    expect(stateOf(target)).toBe('t1');
    target.onUserVariableAssignment('tenant_id', null);
    expect(stateOf(target)).toBe('fallback');
  });

  it('two variables that disagree are refused until they agree', () => {
    const target = resolver([VARIABLE, { kind: 'userVariable', name: 'other' }]);
    target.onUserVariableAssignment('tenant_id', 't1');
    target.onUserVariableAssignment('OTHER', 't2');
    expect(stateOf(target)).toBe('TC_TENANT_MISMATCH');
    target.onUserVariableAssignment('other', 't1');
    expect(stateOf(target)).toBe('t1');
  });
});

describe('a tenant that came with the connection', () => {
  const connected = (allowSwitch: boolean, order: TenantSource[] = [ATTRIBUTE, VARIABLE]): TenantResolver => {
    const target = resolver(order, allowSwitch);
    target.onConnect({ attributes: [['tenant_id', 't1']], user: 'app' });
    return target;
  };

  it.each([[[ATTRIBUTE, VARIABLE]], [[VARIABLE, ATTRIBUTE]]])(
    'is pinned, in any order of sources',
    (order) => {
      const target = connected(false, order);
      expect(codeOf(() => target.onUserVariableAssignment('tenant_id', 't2'))).toBe('TC_TENANT_PINNED');
      expect(codeOf(() => target.onUserVariableAssignment('tenant_id', 'T1'))).toBe('TC_TENANT_PINNED');
      expect(stateOf(target)).toBe('t1');
      target.onUserVariableAssignment('tenant_id', 't1');
      expect(stateOf(target)).toBe('t1');
      target.onUserVariableAssignment('tenant_id', null);
      expect(stateOf(target)).toBe('t1');
    },
  );

  it('may be switched where the configuration says so, and comes back with a reset', () => {
    const target = connected(true);
    target.onUserVariableAssignment('tenant_id', 't2');
    expect(stateOf(target)).toBe('t2');
    target.onReset();
    expect(stateOf(target)).toBe('t1');
  });

  it('when it is wrong, stays refused whatever is assigned, allowSwitch or not', () => {
    const target = resolver([ATTRIBUTE, VARIABLE], true);
    target.onConnect({ attributes: [['tenant_id', 'a b']], user: 'app' });
    expect(codeOf(() => target.onUserVariableAssignment('tenant_id', 't2'))).toBe('TC_BAD_TENANT');
    expect(stateOf(target)).toBe('TC_BAD_TENANT');
    target.onReset();
    expect(stateOf(target)).toBe('TC_BAD_TENANT');
  });

  it('and everything else is forgotten at the next login', () => {
    const target = connected(true);
    target.onUserVariableAssignment('tenant_id', 't2');
    target.onConnect({ attributes: [], user: 'app' });
    expect(stateOf(target)).toBe('TC_NO_TENANT');
    target.onUserVariableAssignment('tenant_id', 't3');
    expect(stateOf(target)).toBe('t3');
    target.onConnect({ attributes: [['tenant_id', 't4']], user: 'app' });
    expect(stateOf(target)).toBe('t4');
  });
});

it('splitUserSuffix keeps an anonymous user', () => {
  expect(splitUserSuffix('%t1')).toEqual({ user: '', tenant: 't1' });
});

it('takes the tenant section of the configuration as it is', () => {
  const text =
    "backend: { host: h }\ntenant: { sources: [ { connectionAttribute: a }, { userSuffix: '%' }, { fixed: f } ] }\n";
  const { tenant } = parseConfig(text, { env: {}, file: 'c.yaml' });
  if (tenant === undefined) throw new Error('no tenant section');
  const target = new TenantResolver(tenant);
  expect(target.onConnect({ attributes: new Map([['a', 't1']]), user: 'app%t1' }).userForBackend).toBe('app');
  expect(stateOf(target)).toBe('t1');
});

describe('what a statement says itself', () => {
  const QUERY: TenantSource = { kind: 'queryAttribute', name: 'tenant_id' };
  const COMMENT: TenantSource = { kind: 'comment', key: 'tenant_id' };

  function of(target: TenantResolver, attributes: (string | null | undefined)[], comments: string[]): string {
    const state = target.current({
      attributes: target.ofAttributes(attributes.map((value) => ({ name: 'tenant_id', value }))),
      comments: target.ofComments(comments.map((value) => `/*tenant_id='${value}'*/`)),
    });
    return state.kind === 'tenant' ? state.tenant : state.error.code;
  }

  it.each<[string, (string | null | undefined)[], string[], string]>([
    ['nothing', [], [], 'TC_NO_TENANT'],
    ['an attribute', ['a'], [], 'a'],
    ['an attribute twice', ['a', 'a'], [], 'a'],
    ['an attribute twice, differing', ['a', 'b'], [], 'TC_TENANT_MISMATCH'],
    ['NULL', [null], [], 'TC_BAD_TENANT'],
    ['NULL beside a tenant', ['a', null], [], 'TC_BAD_TENANT'],
    ['an attribute of another type', [undefined], [], 'TC_BAD_TENANT'],
    ['an empty one', [''], [], 'TC_BAD_TENANT'],
    ['one that is far too long', ['a'.repeat(1 << 20)], [], 'TC_BAD_TENANT'],
    ['a comment', [], ['a'], 'a'],
    ['comments that agree', [], ['a', 'a'], 'a'],
    ['comments that contradict each other', [], ['a', 'b'], 'TC_TENANT_MISMATCH'],
    ['a comment that agrees with the attribute', ['a'], ['a'], 'a'],
    ['a comment that contradicts the attribute', ['a'], ['b'], 'TC_TENANT_MISMATCH'],
    ['a comment of no tenant beside an attribute', ['a'], ['b c'], 'TC_BAD_TENANT'],
  ])('%s', (_name, attributes, comments, expected) => {
    const target = resolver([QUERY, COMMENT, VARIABLE]);
    expect(of(target, attributes, comments)).toBe(expected);
    expect(of(target, [], [])).toBe('TC_NO_TENANT');
  });

  it('never falls through to another source when it is bad', () => {
    const target = resolver([QUERY, COMMENT, FIXED]);
    expect(of(target, [], [])).toBe('fallback');
    expect(of(target, ['a'], [])).toBe('a');
    expect(of(target, [null], [])).toBe('TC_BAD_TENANT');
    expect(of(target, [], ["a' x"])).toBe('TC_BAD_TENANT');
  });

  it('is not looked at where it is no source', () => {
    const target = resolver([VARIABLE, FIXED]);
    expect(of(target, ['a'], ['b'])).toBe('fallback');
  });

  it('does not contradict the session', () => {
    const target = resolver([QUERY, COMMENT, VARIABLE, ATTRIBUTE]);
    target.onUserVariableAssignment('tenant_id', 'a');
    expect(of(target, ['a'], ['a'])).toBe('a');
    expect(of(target, ['b'], [])).toBe('TC_TENANT_MISMATCH');
    expect(of(target, [], ['b'])).toBe('TC_TENANT_MISMATCH');
    target.onConnect({ attributes: [['tenant_id', 'c']], user: 'app' });
    expect(of(target, ['c'], [])).toBe('c');
    expect(of(target, ['b'], [])).toBe('TC_TENANT_MISMATCH');
    expect(of(target, [], ['b'])).toBe('TC_TENANT_MISMATCH');
  });

  it('where switching is allowed, an attribute replaces the connection, a comment never does', () => {
    const target = resolver([QUERY, COMMENT, VARIABLE, ATTRIBUTE], true);
    target.onConnect({ attributes: [['tenant_id', 'c']], user: 'app' });
    expect(of(target, ['b'], [])).toBe('b');
    expect(of(target, [], ['b'])).toBe('TC_TENANT_MISMATCH');
    expect(of(target, ['b'], ['c'])).toBe('TC_TENANT_MISMATCH');
    expect(stateOf(target)).toBe('c');
    target.onUserVariableAssignment('tenant_id', 'd');
    expect(of(target, ['b'], [])).toBe('TC_TENANT_MISMATCH');
    expect(stateOf(target)).toBe('d');
  });
});

describe('the current schema', () => {
  const template = parseConfig(
    "backend: { host: a }\ntenant: { sources: [ { database: 'app_{tenant}' }, { database: '(?<tenant>x.)|y.+' } ] }\n",
    { env: {}, file: 'c.yaml' },
  ).tenant?.sources as TenantSource[];

  it.each<[string | null, string]>([
    [null, 'TC_NO_TENANT'],
    ['mysql', 'TC_NO_TENANT'],
    ['app_t1', 't1'],
    ['my_app_t1', 'TC_NO_TENANT'],
    ['app_', 'TC_NO_TENANT'],
    ['app_a b', 'TC_BAD_TENANT'],
    ['app_x\n', 'TC_BAD_TENANT'],
    ['x1', 'x1'],
    ['yes', 'yes'],
  ])('%s', (schema, expected) => {
    const target = resolver([...template]);
    target.onSchema(schema);
    expect(stateOf(target)).toBe(expected);
    target.onSchema(null);
    expect(stateOf(target)).toBe('TC_NO_TENANT');
  });

  it('does not contradict other sources, and is forgotten at a login', () => {
    const target = resolver([...template, ATTRIBUTE, VARIABLE]);
    target.onSchema('app_a');
    target.onConnect({ attributes: [['tenant_id', 'b']], user: 'app' });
    expect(stateOf(target)).toBe('b');
    target.onSchema('app_a');
    expect(stateOf(target)).toBe('TC_TENANT_MISMATCH');
    target.onSchema('app_b');
    expect(stateOf(target)).toBe('b');
  });
});
