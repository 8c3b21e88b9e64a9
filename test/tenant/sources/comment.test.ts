import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commentTenants } from '../../../src/tenant/sources/comment.js';
import { UNEVALUABLE } from '../../../src/tenant/sources/user-variable.js';

function read(...comments: string[]): readonly (string | symbol | null)[] {
  return commentTenants(comments, ['tenant_id']);
}

describe('a comment as sqlcommenter writes it', () => {
  it.each<[string, string[]]>([
    ["/*tenant_id='tenant-001'*/", ['tenant-001']],
    ["/* tenant_id = 'tenant-001' */", ['tenant-001']],
    ["/*action='%2Fusers',tenant_id='tenant-001',traceparent='00-5b-01'*/", ['tenant-001']],
    ["/*tenant%5Fid='tenant%2D001'*/", ['tenant-001']],
    ["/*tenant_id='O\\'Brien'*/", ["O'Brien"]],
    ["/*tenant_id='a',tenant_id='b'*/", ['a', 'b']],
    ["/*tenant_id=''*/", ['']],
  ])('%s', (comment, tenants) => {
    expect(read(comment)).toEqual(tenants);
  });

  it('takes each key for itself', () => {
    expect(commentTenants(["/*org='o',tenant_id='t'*/"], ['tenant_id', 'org'])).toEqual(['t', 'o']);
  });
});

describe('comments that say nothing of the tenant', () => {
  it.each([
    '/**/',
    '/* find the users of a tenant_id */',
    '-- all of them',
    "/*my_tenant_id='t'*/",
    "/*x-tenant_id='t'*/",
    "/*action='tenant'*/",
    '/*+ MERGE(u) */',
    '# tenant_id',
  ])('%s', (comment) => {
    expect(read(comment)).toEqual([]);
  });
});

describe('comments that name the tenant in another way', () => {
  it.each([
    "-- ' /*tenant_id='tenant-001'*/",
    "# ' /*tenant_id='tenant-001'*/",
    "/*' /*tenant_id='tenant-001'*/",
    "/*!99999 x' /*tenant_id='tenant-001'*/ */",
    "/*M!999999 tenant_id='tenant-001'*/",
    "/*+ tenant_id='tenant-001' */",
    '/*tenant_id="tenant-001"*/',
    '/*tenant_id=tenant-001*/',
    "/*tenant_id='tenant-001'",
    "/*tenant_id='tenant-001*/",
    "/*tenant_id='tenant-001',*/",
    "/*,tenant_id='tenant-001'*/",
    "/*tenant_id='tenant-001' tenant_id='tenant-002'*/",
    "/*tenant_id='tenant-001'; other*/",
    "/*tenant_id='%E4'*/",
    "/*tenant_id='100%'*/",
    "/*TENANT_ID='tenant-001'*/",
    '/*tenant%5fid=tenant-001*/',
    "/*tenant_id='t\u00e4'*/",
  ])('%s', (comment) => {
    expect(read(comment)).toEqual([UNEVALUABLE]);
  });
});

it('reads any comment in linear time, and gives a tenant only for a list of pairs', () => {
  const piece = fc.constantFrom("tenant_id='", "'", ',', '\\', '%', '%5f', 'a', ' ', '/*', '*/', '=', 'ü');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const body = pieces.join('');
      for (const value of read(`/*${body}*/`)) {
        if (typeof value !== 'string') continue;
        expect(body).toMatch(/tenant(_|%5f)id\s*=\s*'/);
        expect(body).not.toMatch(/[^\t\n\r -~]/);
      }
    }),
  );
  const before = performance.now();
  expect(read(`/*${"tenant_id='a".repeat(20_000)}*/`)).toEqual([UNEVALUABLE]);
  expect(read(`/*${' '.repeat(200_000)}tenant_id='a'*/`)).toEqual(['a']);
  expect(performance.now() - before).toBeLessThan(2000);
});
