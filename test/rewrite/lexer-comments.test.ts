import { describe, expect, test } from 'vitest';
import { mariadb, mysql, tokensOf } from './lexing.js';

describe('plain comments', () => {
  test.each<[string, string[]]>([
    ['a /* b */ c', ['w:a', 'comment:/* b */', 'w:c']],
    ['/**/', ['comment:/**/']],
    ['/*/', ['INVALID:/*/']],
    ['/***/', ['comment:/***/']],
    ['/* /* */ a */', ['comment:/* /* */', 'w:a', 'p:*', 'p:/']],
    ['/* a', ['INVALID:/* a']],
    ["/* ' */ a", ["comment:/* ' */", 'w:a']],
    ['a/b', ['w:a', 'p:/', 'w:b']],
    ['a -- b\nc', ['w:a', 'comment:-- b', 'w:c']],
    ['a --\tb', ['w:a', 'comment:--\tb']],
    ['a --\x01b', ['w:a', 'comment:--\x01b']],
    ['a --', ['w:a', 'comment:--']],
    ['a --\nb', ['w:a', 'comment:--', 'w:b']],
    ['a -- b\rc', ['w:a', 'comment:-- b\rc']],
    ['a--1', ['w:a', 'p:-', 'p:-', 'int:1']],
    ['a--b', ['w:a', 'p:-', 'p:-', 'w:b']],
    ['a---- b', ['w:a', 'p:-', 'p:-', 'comment:-- b']],
    ['a # b\nc', ['w:a', 'comment:# b', 'w:c']],
    ['a #b\rc', ['w:a', 'comment:#b\rc']],
    ['#', ['comment:#']],
    ['# a\0b', ['comment:# a', 'INVALID:\0b']],
    ['/* a\0b */ c', ['comment:/* a\0b */', 'w:c']],
    ["-- it's\n'a'", ["comment:-- it's", "str:'a'"]],
  ])('%j', (sql, expected) => {
    expect(tokensOf(sql, mysql())).toEqual(expected);
    expect(tokensOf(sql, mariadb())).toEqual(expected);
  });

  test('-- before a byte above 0x7f depends on the character set', () => {
    expect(tokensOf('a--\xc3', mysql())).toEqual(['w:a', 'p:-', 'p:-', 'w:\xc3']);
    expect(tokensOf('a--\xe9', mysql({ charset: 'latin1' }))).toEqual(['w:a', 'p:-', 'p:-', 'w:\xe9']);
    expect(tokensOf('a--\x81', mysql({ charset: 'latin7' }))).toEqual(['w:a', 'INVALID:--\x81']);
  });
});

describe('executable comments', () => {
  const versions = (sql: string): [mysql: string[], mariadb: string[]] => [
    tokensOf(sql, mysql()),
    tokensOf(sql, mariadb()),
  ];
  const runs = (open: string, ...inside: string[]): string[] => [`open:${open}`, ...inside, 'close:*/'];

  test('without a version they always run', () => {
    for (const tokens of versions('/*!a*/')) expect(tokens).toEqual(runs('/*!', 'w:a'));
    for (const tokens of versions('/*! a */')) expect(tokens).toEqual(runs('/*!', 'w:a'));
    for (const tokens of versions('/*!1234 a */')) expect(tokens).toEqual(runs('/*!', 'int:1234', 'w:a'));
    for (const tokens of versions('/*!*/')) expect(tokens).toEqual(runs('/*!'));
  });

  test.each<[string, string[] | 'skipped', string[] | 'skipped']>([
    ['/*!50000 a*/', runs('/*!50000', 'w:a'), runs('/*!50000', 'w:a')],
    ['/*!50000a*/', runs('/*!50000', 'w:a'), runs('/*!50000', 'w:a')],
    ['/*!50699 a*/', runs('/*!50699', 'w:a'), runs('/*!50699', 'w:a')],
    ['/*!50700 a*/', runs('/*!50700', 'w:a'), 'skipped'],
    ['/*!80000 a*/', runs('/*!80000', 'w:a'), 'skipped'],
    ['/*!90704 a*/', runs('/*!90704', 'w:a'), 'skipped'],
    ['/*!90705 a*/', 'skipped', 'skipped'],
    ['/*!99999 a*/', 'skipped', 'skipped'],
    // Six digits: MySQL only before white space, MariaDB always.
    ['/*!090704 a*/', runs('/*!090704', 'w:a'), 'skipped'],
    ['/*!090705 a*/', 'skipped', 'skipped'],
    ['/*!090704a*/', runs('/*!09070', 'w:4a'), 'skipped'],
    ['/*!100000 a*/', 'skipped', runs('/*!100000', 'w:a')],
    ['/*!100000a*/', runs('/*!10000', 'w:0a'), runs('/*!100000', 'w:a')],
    ['/*!101119 a*/', 'skipped', runs('/*!101119', 'w:a')],
    ['/*!101120 a*/', 'skipped', 'skipped'],
    ['/*!999999 a*/', 'skipped', 'skipped'],
    ['/*!1000000 a*/', runs('/*!10000', 'int:00', 'w:a'), runs('/*!100000', 'int:0', 'w:a')],
    // MariaDB's own sign
    ['/*M! a*/', 'skipped', runs('/*M!', 'w:a')],
    ['/*M!50700 a*/', 'skipped', runs('/*M!50700', 'w:a')],
    ['/*M!100100 a*/', 'skipped', runs('/*M!100100', 'w:a')],
    ['/*M!101200 a*/', 'skipped', 'skipped'],
    ['/*m! a*/', 'skipped', 'skipped'],
    ['/* ! a*/', 'skipped', 'skipped'],
    // one level of plain comments inside a skipped one
    ['/*!99999 /* b */ a*/', 'skipped', 'skipped'],
    ['/*!99999 /*! b */ a*/', 'skipped', 'skipped'],
  ])('%s', (sql, onMysql, onMariadb) => {
    expect(tokensOf(sql, mysql())).toEqual(onMysql === 'skipped' ? [`comment:${sql}`] : onMysql);
    expect(tokensOf(sql, mariadb())).toEqual(onMariadb === 'skipped' ? [`comment:${sql}`] : onMariadb);
  });

  test('MySQL before 8.1 knows five digits only', () => {
    expect(tokensOf('/*!100000 a*/', mysql({ version: 80_034 }))).toEqual(runs('/*!10000', 'int:0', 'w:a'));
  });

  test('99997, the number of Galera consistency checks, is run by some servers', () => {
    expect(tokensOf('/*!99997 a*/', mariadb())).toEqual(['INVALID:/*!99997 a*/']);
  });

  test.each<[string, string[]]>([
    ['/*!50000 a /* b */ c*/', runs('/*!50000', 'w:a', 'comment:/* b */', 'w:c')],
    ['/*! a -- */\nb*/', runs('/*!', 'w:a', 'comment:-- */', 'w:b')],
    ['/*! a # */\nb*/', runs('/*!', 'w:a', 'comment:# */', 'w:b')],
    ["/*! '*/' */", runs('/*!', "str:'*/'")],
    // no levels: the first close ends both
    ['/*! a /*! b */ c */', ['open:/*!', 'w:a', 'open:/*!', 'w:b', 'close:*/', 'w:c', 'p:*', 'p:/']],
    ['/*! a /*!99999 b */ c */', ['open:/*!', 'w:a', 'comment:/*!99999 b */', 'w:c', 'close:*/']],
    ['/*! a * / b*/', runs('/*!', 'w:a', 'p:*', 'p:/', 'w:b')],
    ['/*! a', ['INVALID:/*! a']],
    ['b /*! a -- */', ['w:b', 'INVALID:/*! a -- */']],
    ['/*!99999 a', ['INVALID:/*!99999 a']],
    ['/*!99999 /* a */', ['INVALID:/*!99999 /* a */']],
    ['/*! a; b */', ['INVALID:/*! a; b */']],
    ['/*! SELECT 1 */; b', ['open:/*!', 'w:SELECT', 'int:1', 'close:*/', 'p:;', 'w:b']],
  ])('%j', (sql, expected) => {
    expect(tokensOf(sql, mysql())).toEqual(expected);
    expect(tokensOf(sql, mariadb())).toEqual(expected);
  });
});

describe('optimizer hints', () => {
  test.each(['SELECT', 'insert', 'Replace', 'UPDATE', 'delete'])('behind %s on MySQL', (word) => {
    expect(tokensOf(`${word} /*+ NO_ICP(t) */ a`, mysql())).toEqual([
      `w:${word}`,
      'hint:/*+ NO_ICP(t) */',
      'w:a',
    ]);
    expect(tokensOf(`${word} /*+ NO_ICP(t) */ a`, mariadb())).toEqual([
      `w:${word}`,
      'comment:/*+ NO_ICP(t) */',
      'w:a',
    ]);
  });

  test.each<[string, string[]]>([
    ['/*+ a */', ['comment:/*+ a */']],
    ['a /*+ a */', ['w:a', 'comment:/*+ a */']],
    ['SELECT /* b */ /*+ a */', ['w:SELECT', 'comment:/* b */', 'comment:/*+ a */']],
    ['t.select /*+ a */', ['w:t', 'p:.', 'w:select', 'comment:/*+ a */']],
    ['`select` /*+ a */', ['id:`select`', 'comment:/*+ a */']],
    ['/*! SELECT */ /*+ a */', ['open:/*!', 'w:SELECT', 'close:*/', 'comment:/*+ a */']],
    ['/*! SELECT /*+ a */ 1*/', ['open:/*!', 'w:SELECT', 'hint:/*+ a */', 'int:1', 'close:*/']],
    ['SELECT/*+*/', ['w:SELECT', 'hint:/*+*/']],
    ['SELECT /*+ a', ['w:SELECT', 'INVALID:/*+ a']],
    // The server's reading of the hint ends elsewhere than that of a comment.
    ['SELECT /*+ QB_NAME(`*/`) */ 1', ['w:SELECT', 'INVALID:/*+ QB_NAME(`*/`) */ 1']],
    ['SELECT /*+ QB_NAME(`a`) */ 1', ['w:SELECT', 'hint:/*+ QB_NAME(`a`) */', 'int:1']],
  ])('%s', (sql, expected) => {
    expect(tokensOf(sql, mysql())).toEqual(expected);
  });
});

describe('dollar quotes', () => {
  test('are not understood from MySQL 8.1 on', () => {
    expect(tokensOf("a $$ ' $$", mysql())).toEqual(['w:a', "INVALID:$$ ' $$"]);
    expect(tokensOf('$tag$ b', mysql())).toEqual(['INVALID:$tag$ b']);
    expect(tokensOf('$a b', mysql())).toEqual(['w:$a', 'w:b']);
    expect(tokensOf('t.$a$', mysql())).toEqual(['w:t', 'p:.', 'w:$a$']);
    expect(tokensOf('$tag$ b', mysql({ version: 80_032 }))).toEqual(['w:$tag$', 'w:b']);
    expect(tokensOf('$tag$ b', mariadb())).toEqual(['w:$tag$', 'w:b']);
  });
});
