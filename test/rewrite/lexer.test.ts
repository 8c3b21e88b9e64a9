import { describe, expect, test } from 'vitest';
import { supportsCharacterSet } from '../../src/rewrite/lexer.js';
import { mariadb, mysql, tokensOf } from './lexing.js';

const ansi = { sqlMode: 'ANSI_QUOTES' };
const noBackslash = { sqlMode: 'NO_BACKSLASH_ESCAPES' };

describe('names and words', () => {
  test.each<[string, string[]]>([
    ['SELECT a', ['w:SELECT', 'w:a']],
    ['a_1$ $b _c', ['w:a_1$', 'w:$b', 'w:_c']],
    ['t.1a', ['w:t', 'p:.', 'w:1a']],
    ['t.1', ['w:t', 'p:.', 'w:1']],
    ['t .1a', ['w:t', 'dec:.1', 'w:a']],
    ['`t`.1a', ['id:`t`', 'dec:.1', 'w:a']],
    ['t.1e5.2', ['w:t', 'p:.', 'w:1e5', 'p:.', 'w:2']],
    ["t.x'41'", ['w:t', 'p:.', 'w:x', "str:'41'"]],
    ['FROM .items', ['w:FROM', 'p:.', 'w:items']],
    ['t.`a`.b', ['w:t', 'p:.', 'id:`a`', 'p:.', 'w:b']],
    ['t. a', ['w:t', 'p:.', 'w:a']],
    ['1abc', ['w:1abc']],
    ['1a.1b', ['w:1a', 'p:.', 'w:1b']],
    ['1_', ['w:1_']],
    ['`a``b`', ['id:`a``b`']],
    ['`a"\'\\`', ['id:`a"\'\\`']],
    ['``', ['id:``']],
    ['n x b', ['w:n', 'w:x', 'w:b']],
    ['\u00fcber', ['w:\u00fcber']],
    ['{x items}', ['p:{', 'w:x', 'w:items', 'p:}']],
    ['a$b$c', ['w:a$b$c']],
  ])('%s', (sql, expected) => {
    expect(tokensOf(sql, mysql())).toEqual(expected);
    expect(tokensOf(sql, mariadb())).toEqual(expected);
  });
});

describe('numbers', () => {
  test.each<[string, string[]]>([
    ['1', ['int:1']],
    ['007', ['int:007']],
    ['1.5', ['dec:1.5']],
    ['.5', ['dec:.5']],
    ['1.', ['dec:1.']],
    ['1.FROM t', ['dec:1.', 'w:FROM', 'w:t']],
    ['1.5.5', ['dec:1.5', 'dec:.5']],
    ['1e0', ['float:1e0']],
    ['1E+5', ['float:1E+5']],
    ['1e-5', ['float:1e-5']],
    ['1.e5', ['float:1.e5']],
    ['.5e1', ['float:.5e1']],
    ['1e5x', ['float:1e5', 'w:x']],
    ['1e', ['w:1e']],
    ['1e+', ['w:1e', 'p:+']],
    ['1e+a', ['w:1e', 'p:+', 'w:a']],
    ['1ea', ['w:1ea']],
    ['-1', ['p:-', 'int:1']],
    ['a-1', ['w:a', 'p:-', 'int:1']],
    // The servers read this as (2).
    ['1.e(2)', ['INVALID:1.e(2)']],
    ['.5e+(', ['INVALID:.5e+(']],
    ['0x41', ['hex:0x41']],
    ['0xA', ['hex:0xA']],
    ['0X41', ['w:0X41']],
    ['0x', ['w:0x']],
    ['0xZ', ['w:0xZ']],
    ['0x41G', ['w:0x41G']],
    ['0b01', ['bit:0b01']],
    ['0b012', ['w:0b012']],
    ['0b', ['w:0b']],
    ['0B1', ['w:0B1']],
    ["x'41'", ["hex:x'41'"]],
    ["X''", ["hex:X''"]],
    ["x'4'", ["INVALID:x'4'"]],
    ["x'4g'", ["INVALID:x'4g'"]],
    ["X'", ["INVALID:X'"]],
    ["X'41", ["INVALID:X'41"]],
    ["b'01'", ["bit:b'01'"]],
    ["B''", ["bit:B''"]],
    ["b'2'", ["INVALID:b'2'"]],
    ["0b1'a'", ['bit:0b1', "str:'a'"]],
  ])('%s', (sql, expected) => {
    expect(tokensOf(sql, mysql())).toEqual(expected);
    expect(tokensOf(sql, mariadb())).toEqual(expected);
  });

  test('two dots end an integer on MariaDB only', () => {
    expect(tokensOf('1..2', mariadb())).toEqual(['int:1', 'p:..', 'int:2']);
    expect(tokensOf('1..2', mysql())).toEqual(['dec:1.', 'dec:.2']);
  });
});

describe('strings', () => {
  test.each<[string, string[]]>([
    ["'a'", ["str:'a'"]],
    ["''", ["str:''"]],
    ["'a''b'", ["str:'a''b'"]],
    ["'a' 'b'", ["str:'a'", "str:'b'"]],
    ["'a\\'b'", ["str:'a\\'b'"]],
    ["'a\\\\'b", ["str:'a\\\\'", 'w:b']],
    ['"a"', ['str:"a"']],
    ['"a\'b"', ['str:"a\'b"']],
    ['"a""b"', ['str:"a""b"']],
    ["'a\0b'", ["str:'a\0b'"]],
    ["N'a'", ["nstr:N'a'"]],
    ["n'a\\'b'", ["nstr:n'a\\'b'"]],
    ['N"a"', ['w:N', 'str:"a"']],
    ["N 'a'", ['w:N', "str:'a'"]],
    ["_utf8mb4'a'", ['intro:_utf8mb4', "str:'a'"]],
    ["_LATIN1 'a'", ['intro:_LATIN1', "str:'a'"]],
    ['_binary 0x41', ['intro:_binary', 'hex:0x41']],
    ["_utf8mb5'a'", ['w:_utf8mb5', "str:'a'"]],
    ["_utf8mb4x'a'", ['w:_utf8mb4x', "str:'a'"]],
    ["'a", ["INVALID:'a"]],
    ["'a\\'", ["INVALID:'a\\'"]],
    ["'a\\", ["INVALID:'a\\"]],
    ["N'a", ["INVALID:N'a"]],
    ['`a', ['INVALID:`a']],
    ['`a\0b`', ['INVALID:`a\0b`']],
    ['`a``', ['INVALID:`a``']],
  ])('%s', (sql, expected) => {
    expect(tokensOf(sql, mysql())).toEqual(expected);
    expect(tokensOf(sql, mariadb())).toEqual(expected);
  });

  test('ANSI_QUOTES makes double quotes quote names', () => {
    expect(tokensOf('"a\\"', mysql(ansi))).toEqual(['id:"a\\"']);
    expect(tokensOf('"a""b" \'c\'', mysql(ansi))).toEqual(['id:"a""b"', "str:'c'"]);
    expect(tokensOf('@"a\\"', mysql(ansi))).toEqual(['var:@"a\\"']);
  });

  test('NO_BACKSLASH_ESCAPES', () => {
    expect(tokensOf("'a\\' b", mysql(noBackslash))).toEqual(["str:'a\\'", 'w:b']);
    expect(tokensOf("N'a\\'", mysql(noBackslash))).toEqual(["nstr:N'a\\'"]);
    expect(tokensOf("@'a\\'", mysql(noBackslash))).toEqual(["var:@'a\\'"]);
  });
});

describe('variables and parameters', () => {
  test.each<[string, string[]]>([
    ['@a', ['var:@a']],
    ['@a.b$c', ['var:@a.b$c']],
    ["@'a b'", ["var:@'a b'"]],
    ["@'t\\'c'", ["var:@'t\\'c'"]],
    ['@"a"', ['var:@"a"']],
    ['@`a``b`', ['var:@`a``b`']],
    ['@', ['var:@']],
    ['@ a', ['var:@', 'w:a']],
    ['@a:=1', ['var:@a', 'p::=', 'int:1']],
    ['@1', ['var:@1']],
    ['u@h', ['w:u', 'var:@h']],
    ['@a@b', ['var:@a', 'var:@b']],
    ['@@sql_mode', ['sys:@@', 'w:sql_mode']],
    ['@@global.a', ['sys:@@', 'w:global', 'p:.', 'w:a']],
    ['@@`a`', ['sys:@@', 'id:`a`']],
    ['@@ a', ['sys:@@', 'INVALID: a']],
    ['@@@a', ['sys:@@', 'INVALID:@a']],
    ["@'a", ["INVALID:@'a"]],
    ['@`a', ['INVALID:@`a']],
    ['?', ['param:?']],
    ['?,?', ['param:?', 'p:,', 'param:?']],
    ['?a', ['INVALID:?a']],
  ])('%s', (sql, expected) => {
    expect(tokensOf(sql, mysql())).toEqual(expected);
    expect(tokensOf(sql, mariadb())).toEqual(expected);
  });
});

describe('operators', () => {
  test.each<[string, string[]]>([
    ['<=>', ['p:<=>']],
    ['a<=b', ['w:a', 'p:<=', 'w:b']],
    ['<><', ['p:<>', 'p:<']],
    ['<<', ['p:<<']],
    ['>>', ['p:>>']],
    ['>=', ['p:>=']],
    ['!=', ['p:!=']],
    ['!a', ['p:!', 'w:a']],
    ['&&', ['p:&&']],
    ['||', ['p:||']],
    ['&|', ['p:&', 'p:|']],
    [':=', ['p::=']],
    [':a', ['p::', 'w:a']],
    ['*/', ['p:*', 'p:/']],
    ['~^%+,;()[]', ['p:~', 'p:^', 'p:%', 'p:+', 'p:,', 'p:;', 'p:(', 'p:)', 'p:[', 'p:]']],
  ])('%s', (sql, expected) => {
    for (const server of [mysql(), mariadb()]) expect(tokensOf(sql, server)).toEqual(expected);
  });

  test('MySQL drops signs of unknown operators, so that we do not follow', () => {
    for (const sql of ['=!1', '!!1', '=>', '==1', '<!1', '<=!1', '<>=1']) {
      expect(tokensOf(sql, mysql()), sql).toEqual([`INVALID:${sql}`]);
    }
    expect(tokensOf('=!1', mariadb())).toEqual(['p:=', 'p:!', 'int:1']);
    expect(tokensOf('!!1', mariadb())).toEqual(['p:!', 'p:!', 'int:1']);
  });

  test('-> is one token on MySQL only', () => {
    expect(tokensOf("a->'$'", mysql())).toEqual(['w:a', 'p:->', "str:'$'"]);
    expect(tokensOf('a->>b', mysql())).toEqual(['w:a', 'p:->>', 'w:b']);
    expect(tokensOf('a->b', mariadb())).toEqual(['w:a', 'p:-', 'p:>', 'w:b']);
  });

  test('\\N is NULL on MariaDB only', () => {
    expect(tokensOf('\\N', mariadb())).toEqual(['p:\\N']);
    expect(tokensOf('\\n', mariadb())).toEqual(['INVALID:\\n']);
    expect(tokensOf('\\N', mysql())).toEqual(['INVALID:\\N']);
  });
});

describe('bytes', () => {
  test.each(['\0', 'a\0b', '\x01', '\x7f', '\x1c'])('%j is Invalid outside quotes and comments', (sql) => {
    for (const server of [mysql(), mariadb()]) {
      expect(tokensOf(sql, server).at(-1)).toMatch(/^INVALID:/);
    }
  });

  test.each(['\t', '\n', '\v', '\f', '\r', ' '])('%j is white space', (space) => {
    expect(tokensOf(`a${space}b`, mysql())).toEqual(['w:a', 'w:b']);
  });

  test.each([
    ['latin1', '\xa0'],
    ['cp1250', '\xa0'],
    ['latin7', '\xa0'],
    ['greek', '\xa0'],
    ['hebrew', '\xa0'],
    ['cp850', '\xff'],
    ['cp852', '\xff'],
    ['cp866', '\xff'],
  ])('%s has white space above 0x7f', (charset, space) => {
    const sql = `FROM${space}items`;
    for (const server of [mysql({ charset }), mariadb({ charset })]) {
      expect(tokensOf(sql, server)).toEqual(['w:FROM', 'w:items']);
      expect(tokensOf(`a --${space}b`, server)).toEqual(['w:a', `comment:--${space}b`]);
    }
  });

  test('utf8mb4 has none: the byte belongs to a name', () => {
    expect(tokensOf('FROM\xa0items', mysql())).toEqual(['w:FROM\xa0items']);
  });

  test('a byte that is no letter of the character set', () => {
    expect(tokensOf('a\xd7b', mysql({ charset: 'latin1' }))).toEqual(['w:a', 'INVALID:\xd7b']);
    expect(tokensOf('\xe9', mysql({ charset: 'ascii' }))).toEqual(['INVALID:\xe9']);
    expect(tokensOf("'\xd7'", mysql({ charset: 'latin1' }))).toEqual(["str:'\xd7'"]);
  });

  test.each([
    'big5',
    'gbk',
    'sjis',
    'cp932',
    'gb18030',
    'utf16',
    'utf16le',
    'utf32',
    'ucs2',
    'swe7',
    'tis620',
    'nonsense',
    '',
  ])('character set %s is not supported', (charset) => {
    expect(supportsCharacterSet(charset)).toBe(false);
    expect(tokensOf('SELECT 1', mysql({ charset }))).toEqual(['INVALID:SELECT 1']);
  });

  test.each([
    'utf8',
    'utf8mb3',
    'utf8mb4',
    'ascii',
    'latin1',
    'binary',
    'cp1251',
    'ujis',
    'eucjpms',
    'euckr',
    'gb2312',
  ])('character set %s is supported', (charset) => {
    expect(supportsCharacterSet(charset)).toBe(true);
    expect(tokensOf("SELECT '\xa1\xa1'", mysql({ charset }))).toEqual(['w:SELECT', "str:'\xa1\xa1'"]);
  });
});
