// npm run demo [-- --keep] [-- --server mysql]: the point of the product, each claim asserted.
import { runHarness } from './lib/compile.mjs';

await runHarness('demo/main.js');
