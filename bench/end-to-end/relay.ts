// The bare Node relay that the proxy is compared with: what Node itself costs.
import { connect, createServer } from 'node:net';

const [listenPort, backendPort] = process.argv.slice(2).map(Number);
createServer({ noDelay: true }, (client) => {
  const backend = connect({ host: '127.0.0.1', port: backendPort ?? 0, noDelay: true });
  client.pipe(backend).pipe(client);
  for (const socket of [client, backend]) socket.on('error', () => [client, backend].map((s) => s.destroy()));
}).listen(listenPort, '127.0.0.1');
