// The point of the product on one screen. Every claim is asserted.
import { parseArgs } from 'node:util';
import { Claims } from './claims.js';
import { printHowToConnect, waitForInterrupt } from './keep.js';
import { HAND_WRITTEN, PEOPLE, writeByHand } from './people.js';
import { runApplication } from './run-application.js';
import {
  showApplicationView,
  showDecryptionByHand,
  showHandWrittenRows,
  showOtherTenantsKey,
  showTable,
} from './scenes-data.js';
import { showMetrics, showNoTenant, showStatements, showTenantSources } from './scenes-proxy.js';
import { setUp } from './setup.js';

const BOUND_MS = 110_000;

/** @returns exit status: 0 when every claim held */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      keep: { type: 'boolean', default: false },
      server: { type: 'string', default: 'mariadb' },
    },
  });
  if (values.server !== 'mariadb' && values.server !== 'mysql') {
    console.error(`--server ${values.server}: must be mariadb or mysql`);
    return 2;
  }
  // The servers are ended by their watchdogs when this process is.
  const bound = setTimeout(() => {
    console.error(`the demonstration did not end in ${BOUND_MS / 1000} s`);
    process.exit(1);
  }, BOUND_MS);
  const stage = await setUp(values.server);
  try {
    const claims = new Claims();
    console.log(
      `${stage.server.kind} ${stage.server.version} on port ${stage.server.port}, tenantcrypt on port ${stage.proxy.port}.`,
    );
    // Before the application comes: a row of each tenant that someone wrote with AES_ENCRYPT and the secret.
    const strangers = await writeByHand(stage);
    const first = await runApplication(stage, 'tenant-001', PEOPLE['tenant-001'], strangers['tenant-002']);
    const second = await runApplication(stage, 'tenant-002', PEOPLE['tenant-002'], strangers['tenant-001']);
    const reports = { 'tenant-001': first, 'tenant-002': second };

    showApplicationView(claims, reports);
    await showTable(claims, stage);
    await showDecryptionByHand(claims, stage, reports);
    showHandWrittenRows(claims, reports, HAND_WRITTEN);
    await showOtherTenantsKey(claims, stage, reports);
    await showNoTenant(claims, stage);
    await showTenantSources(claims, stage);
    showStatements(claims, stage, first);
    await showMetrics(claims, stage);
    console.log(`\n${claims.summary()}`);
    clearTimeout(bound);
    if (values.keep) {
      printHowToConnect(stage);
      await waitForInterrupt();
    }
    return claims.exitStatus;
  } finally {
    await stage.stop();
    clearTimeout(bound);
  }
}
