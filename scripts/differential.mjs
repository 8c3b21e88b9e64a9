// npm run test:differential [-- FILE… --server mariadb|mysql --protocol text|prepared --filter REGEXP --count N
// --seed N --no-files --update --all --ignore ASPECTS --summary FILE]: each statement on a plain table straight and on
// a protected one through the proxy. CONTRIBUTING.md, The judge.
import { runHarness } from './lib/compile.mjs';

await runHarness('test/differential/main.js');
