import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminConnection } from '../servers/accounts.js';
import { CanaryLab, type Pass, type PassOptions } from '../support/canary/lab.js';
import { canariesIn, type Finding, PREFIX } from '../support/canary/search.js';
import { sharedServers } from '../support/servers.js';

/*
 * Plaintext never at rest: marked values go through every shape of write, the server is ended as an administrator ends
 * it, and all files of its folder are searched. With `constants: proxy` its logs are part of that, for whatever the
 * proxy evaluates.
 */

/** Where a server writes statements, or their rows, as it got them; MySQL some that are unsafe in a binary log, too. */
const LOGS = /^(general\.log|slow\.log|error\.log|binlog\.\d+)$/;

describe('what is searched for', () => {
  it.each([
    ['as it is', `${PREFIX}-0001-z`],
    ['in capitals', `${PREFIX}-0001-z`.toUpperCase()],
    ['reversed', [...`${PREFIX}-0001-z`].reverse().join('')],
    ['in UTF-16', Buffer.from(`${PREFIX}-0001-z`, 'utf16le').toString('latin1')],
    ['as hexadecimal digits', Buffer.from(`${PREFIX}-0001-z`).toString('hex')],
    ['as hexadecimal digits of capitals', Buffer.from(`${PREFIX}-0001-Z`.toUpperCase()).toString('hex')],
  ])('is found %s', (_form, text) => {
    expect(canariesIn(Buffer.from(`\0x${text} \xff`, 'latin1'))).toEqual([`${PREFIX}-0001-z`]);
  });

  it('is found in base64, wherever it begins', () => {
    for (const before of ['', 'a', 'ab', 'abc']) {
      const text = Buffer.from(`${before}${PREFIX}-0001-z and more`).toString('base64');
      expect(canariesIn(Buffer.from(text))).toEqual([`${PREFIX}-0001-z`]);
    }
    expect(canariesIn(Buffer.from('nothing of the kind, cnry'))).toEqual([]);
  });
});

const PASSES = [
  { constants: 'backend', binlogFormat: 'ROW' },
  { constants: 'proxy', binlogFormat: 'STATEMENT' },
  { constants: 'proxy', binlogFormat: 'MIXED' },
  { constants: 'proxy', binlogFormat: 'ROW' },
] as const satisfies readonly PassOptions[];

const kinds = sharedServers().map(({ kind }) => kind);

describe.each(kinds)('%s', (kind) => {
  let lab: CanaryLab;
  let admin: Connection;
  const passes: Pass[] = [];
  let files: Finding[];
  let control: string;
  let spoiled: string;

  beforeAll(async () => {
    const started = await CanaryLab.start(kind);
    if (started === null) throw new Error('the server was there before');
    lab = started;
    admin = await adminConnection(lab.server);
    for (const options of PASSES) {
      passes.push(await lab.play(options));
      await lab.endPass();
    }
    const { database } = passes[0]!;
    // What the search has to find: in an unprotected table, and past the proxy in one like the protected one.
    control = lab.canary();
    spoiled = lab.canary();
    await admin.query(`INSERT INTO \`${database}\`.plain (a) VALUES ('${control}')`);
    await admin.query(`CREATE TABLE \`${database}\`.spoiled LIKE \`${database}\`.users`);
    await admin.query(
      `INSERT INTO \`${database}\`.spoiled (tenant_id, username, email) VALUES ('tenant-001', 'x', '${spoiled}')`,
    );
    expect(await lab.exported(admin, database, 'users'), 'users, exported').toEqual([]);
    expect(await lab.exported(admin, database, 'spoiled'), 'spoiled, exported').toEqual([spoiled]);
    await lab.shutDown(admin);
    files = lab.search();
  });
  afterAll(async () => await lab?.stop());

  const named = (pattern: RegExp): Finding[] => files.filter(({ file }) => pattern.test(file));

  it.each(PASSES)('stores what the shapes say: constants $constants, binlog $binlogFormat', (options) => {
    const { outcomes, read } = passes[PASSES.indexOf(options)]!;
    const missing = outcomes
      .filter(({ shape, ended }) => shape.leaves === undefined && ended === 'done')
      .filter(({ canaries }) => !canaries.every((canary) => read.has(canary)))
      .map(({ shape }) => shape.name);
    expect(missing).toEqual([]);
    expect(outcomes.filter(({ ended }) => ended === 'done').length).toBeGreaterThan(40);
    const refused = outcomes.filter(
      ({ shape, ended }) => ended === 'refused' && !shape.name.startsWith('escape'),
    );
    for (const { shape, canaries } of refused) {
      const stored = canaries.filter((canary) => read.has(canary));
      expect(stored, shape.name).toEqual([]);
    }
  });

  it('finds plaintext that was written on purpose', () => {
    const { database } = passes[0]!;
    expect(named(/plain\.ibd$/)).toEqual([{ file: `data/${database}/plain.ibd`, canaries: [control] }]);
    expect(named(/spoiled\.ibd$/)).toEqual([{ file: `data/${database}/spoiled.ibd`, canaries: [spoiled] }]);
  });

  it('finds none in the tablespaces of the protected tables', () => {
    expect(named(/users\.ibd$/)).toEqual([]);
  });

  it('finds none in any other file but the logs of statements', () => {
    // System and undo tablespaces, redo log, doublewrite files, temporary ones. The two that were written on purpose
    // passed through the redo log as well.
    const others = files
      .filter(({ file }) => !/(plain|spoiled)\.ibd$/.test(file) && !LOGS.test(file))
      .map(({ file, canaries }) => ({
        file,
        canaries: canaries.filter((canary) => canary !== control && canary !== spoiled),
      }))
      .filter(({ canaries }) => canaries.length > 0);
    expect(others).toEqual([]);
    // The search did look there.
    const redo = named(/ib_logfile0$|#ib_redo\d+$/);
    expect(redo.flatMap(({ canaries }) => canaries)).toContain(control);
  });

  it('finds them in the logs, as is documented for constants: backend', () => {
    const logs = new Set(named(LOGS).flatMap(({ canaries }) => canaries));
    const written = passes[0]!.outcomes.flatMap(({ canaries }) => canaries);
    expect(written.filter((canary) => logs.has(canary)).length).toBeGreaterThan(100);
  });

  it.each(PASSES.filter(({ constants }) => constants === 'proxy'))(
    'finds no constant and no parameter in any log: constants proxy, binlog $binlogFormat',
    (options) => {
      const { outcomes, watched } = passes[PASSES.indexOf(options)]!;
      const constants = outcomes.filter(({ shape }) => shape.evaluated === 'constants');
      const seen = constants.filter(({ canaries }) => canaries.some((canary) => watched.has(canary)));
      expect(
        seen.map(({ shape }) => shape.name),
        'performance_schema',
      ).toEqual([]);
      expect(watched.size).toBeGreaterThan(10);
      const logged = outcomes
        .filter(({ shape, ended }) => shape.evaluated === 'constants' && ended !== 'refused')
        .map(({ shape, canaries }) => {
          const holding = files.filter((file) => file.canaries.some((canary) => canaries.includes(canary)));
          return { shape: shape.name, files: holding.map(({ file }) => file) };
        })
        .filter(({ files: holding }) => holding.length > 0);
      expect(logged).toEqual([]);
    },
  );

  it('finds what only the server evaluates in the logs, with constants: proxy as well', () => {
    const logs = new Set(named(LOGS).flatMap(({ canaries }) => canaries));
    const expressions = passes[1]!.outcomes.filter(
      ({ shape, ended }) => shape.evaluated === 'server' && ended === 'done',
    );
    expect(expressions.some(({ canaries }) => canaries.some((canary) => logs.has(canary)))).toBe(true);
  });
});
