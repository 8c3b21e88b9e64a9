import { ACCOUNT, DATABASE, type Stage } from './setup.js';

/** What to type to play with what is running. */
export function printHowToConnect({ server, proxy, secrets }: Stage): void {
  const [client] = server.client;
  const through = `${client} --no-defaults --skip-ssl -h 127.0.0.1 -P ${proxy.port} -p${ACCOUNT.password}`;
  const lines = [
    "Left running. Through tenantcrypt, as tenant-001 and as nobody yet (then SET @tenant_id = 'tenant-002'):",
    `  ${through} -u '${ACCOUNT.user}%tenant-001' ${DATABASE}`,
    `  ${through} -u ${ACCOUNT.user} ${DATABASE}`,
    'Straight to the database:',
    `  ${client} --no-defaults -h 127.0.0.1 -P ${server.port} -u ${server.rootUser} -p${server.rootPassword} ${DATABASE}`,
    ...Object.entries(secrets).map(([tenant, secret]) => `  the secret of ${tenant}: ${secret}`),
    'Statements before and after rewriting, and the metrics:',
    `  node dist/main.js explain --config ${proxy.configFile} --schema demo/users.sql --server ${server.kind}-${server.version.split('.').slice(0, 2).join('.')} \\`,
    `    --tenant tenant-001 --database ${DATABASE} "SELECT * FROM users WHERE email = 'ada.lovelace@example.com'"`,
    `  curl ${proxy.metricsUrl}/metrics`,
    'Ctrl-C ends everything.',
  ];
  console.log(`\n${lines.join('\n')}`);
}

export async function waitForInterrupt(): Promise<void> {
  await new Promise<void>((resolve) => {
    // A pending promise alone does not keep the process alive.
    const alive = setInterval(() => undefined, 60_000);
    const end = (): void => {
      clearInterval(alive);
      resolve();
    };
    process.once('SIGINT', end);
    process.once('SIGTERM', end);
  });
}
