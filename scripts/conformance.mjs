// npm run test:conformance [-- --only client|scripts --scripts PATTERN --tests PATTERN --verbose]: MariaDB's own
// test programs straight and through the proxy.
import { runHarness } from './lib/compile.mjs';

await runHarness('test/conformance/main.js');
