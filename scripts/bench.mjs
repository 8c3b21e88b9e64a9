// npm run bench [-- --rounds N --seconds N --server mariadb|mysql --sessions 1,8 --only LIST --check]
// npm run bench:micro [-- --check]
import { runHarness } from './lib/compile.mjs';

const micro = process.argv.indexOf('--micro');
if (micro !== -1) process.argv.splice(micro, 1);
await runHarness(micro === -1 ? 'bench/end-to-end/main.js' : 'bench/micro/main.js');
