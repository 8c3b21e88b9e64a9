import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/errors.js';

const text = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
const sections = new Map(
  text
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')).trim(), section] as const),
);

describe('docs/errors.md', () => {
  it('has a section for each code and for nothing else, in the order of src/errors.ts', () => {
    expect([...sections.keys()]).toEqual(Object.keys(ERROR_CODES));
  });

  it.each(Object.entries(ERROR_CODES))(
    'says of %s number, state, cause and remedy',
    (code, { errno, sqlState }) => {
      expect(text).toContain(`| [${code}](#${code.toLowerCase()}) | ${errno} | ${sqlState} |`);
      expect(sections.get(code)).toMatch(/\*\*Cause\.\*\* \S[\s\S]*\*\*Remedy\.\*\* \S/);
    },
  );
});
