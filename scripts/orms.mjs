// npm run test:orms [-- --only ID[,ID] --server mariadb|mysql --verbose --install --straight-tables]: every ORM, straight and through
// the proxy. --install only fetches what is missing.
import { runHarness } from './lib/compile.mjs';

await runHarness('test/orms/main.js');
