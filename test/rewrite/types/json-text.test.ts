import { describe, expect, it } from 'vitest';
import { readJson } from '../../../src/rewrite/types/json-text.js';

describe('text for a JSON column', () => {
  it.each([
    '1',
    ' [1, -2.5e3, "x\\u00e9\\ud83d\\ude00", null, true, false, {}] ',
    '{"a": {"b": []}}',
    '1e-400',
    '0e308',
  ])('is valid: %s', (text) => {
    expect(readJson(Buffer.from(text))).toBe('valid');
  });

  it.each<[string, string, number]>([
    ['', 'The document is empty.', 0],
    [' ', 'The document is empty.', 1],
    ['nul', 'Invalid value.', 3],
    ['-', 'Invalid value.', 1],
    ['{"é":tru}', 'Invalid value.', 9],
    ['[1,]', 'Invalid value.', 3],
    ['01', 'The document root must not be followed by other values.', 1],
    ['1.', 'Miss fraction part in number.', 2],
    ['1e+', 'Miss exponent in number.', 3],
    ['[1, 1e309]', 'Number too big to be stored in double.', 4],
    ['{a:1}', 'Missing a name for object member.', 1],
    ['{"a" 1}', 'Missing a colon after a name of object member.', 5],
    ['{"a":1', "Missing a comma or '}' after an object member.", 6],
    ['[1 2]', "Missing a comma or ']' after an array element.", 3],
    ['"a', 'Missing a closing quotation mark in string.', 2],
    ['"\t"', 'Invalid encoding in string.', 1],
    ['"\\q"', 'Invalid escape character in string.', 1],
    ['"\\u12G4"', 'Incorrect hex digit after \\u escape in string.', 1],
    ['"\\ud800x"', 'The surrogate pair in string is invalid.', 1],
  ])('is not valid: %s', (text, reason, position) => {
    expect(readJson(Buffer.from(text))).toEqual({ reason, position });
  });

  it('is 100 levels deep at most, and holds no NUL byte', () => {
    const nested = (depth: number): Buffer => Buffer.from('['.repeat(depth) + ']'.repeat(depth));
    expect(readJson(nested(100))).toBe('valid');
    expect(readJson(nested(101))).toBe('too deep');
    expect(readJson(Buffer.from('{"a":'.repeat(101)))).toBe('too deep');
    expect(readJson(Buffer.from('"\0"'))).toBe('unknown');
  });
});
