// npm run test:clients [-- --only ID[,ID] --server mariadb|mysql --verbose]: every client through the proxy.
import { runHarness } from './lib/compile.mjs';

await runHarness('test/clients/main.js');
