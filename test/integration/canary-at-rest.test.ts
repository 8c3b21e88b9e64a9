import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminConnection } from '../servers/accounts.js';
import { CanaryLab, type Pass } from '../support/canary/lab.js';
import { canariesIn, type Finding, PREFIX } from '../support/canary/search.js';
import { sharedServers } from '../support/servers.js';

/*
 * Plaintext never at rest: marked values go through every shape of write, the server is ended as an administrator ends
 * it, and all files of its folder are searched. With `constants: proxy` its logs are part of that, for whatever the
 * proxy evaluates.
 */

/** Where a server writes statements, or their rows, as the application sent them. */
const LOGS = /^(general\.log|slow\.log|binlog\.\d+)$/;

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
      expect(canariesIn(Buffer.from(text))).toEqual(['(base64)']);
    }
    expect(canariesIn(Buffer.from('nothing of the kind, cnry'))).toEqual([]);
  });
});

const kinds = sharedServers().map(({ kind }) => kind);

describe.each(kinds)('%s', (kind) => {
  let lab: CanaryLab;
  let admin: Connection;
  let pass: Pass;
  let files: Finding[];
  let control: string;
  let spoiled: string;

  beforeAll(async () => {
    const started = await CanaryLab.start(kind);
    if (started === null) throw new Error('the server was there before');
    lab = started;
    admin = await adminConnection(lab.server);
    pass = await lab.play({ constants: 'backend', binlogFormat: 'ROW' });
    await lab.endPass();
    const { database } = pass;
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

  it('has stored what the shapes say', () => {
    const missing = pass.outcomes
      .filter(({ shape, ended }) => shape.leaves === undefined && ended === 'done')
      .filter(({ canaries }) => !canaries.every((canary) => pass.read.has(canary)))
      .map(({ shape }) => shape.name);
    expect(missing).toEqual([]);
    expect(pass.outcomes.filter(({ ended }) => ended === 'done').length).toBeGreaterThan(40);
    const refused = pass.outcomes.filter(
      ({ shape, ended }) => ended === 'refused' && !shape.name.startsWith('escape'),
    );
    for (const { shape, canaries } of refused) {
      expect(
        canaries.filter((canary) => pass.read.has(canary)),
        shape.name,
      ).toEqual([]);
    }
  });

  it('finds plaintext that was written on purpose', () => {
    expect(named(/plain\.ibd$/)).toEqual([{ file: `data/${pass.database}/plain.ibd`, canaries: [control] }]);
    expect(named(/spoiled\.ibd$/)).toEqual([
      { file: `data/${pass.database}/spoiled.ibd`, canaries: [spoiled] },
    ]);
  });

  it('finds none in the tablespace of the protected table', () => {
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
    expect(logs.size).toBeGreaterThan(100);
  });
});
