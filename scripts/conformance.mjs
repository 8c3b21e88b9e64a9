// npm run test:conformance [-- --server mariadb|mysql --only client|scripts --all --scripts PATTERN[@ps|@cursor]
// --tests PATTERN --lanes N --verbose]: MariaDB's own test programs, on both servers, straight and through the proxy.
import { runHarness } from './lib/compile.mjs';

await runHarness('test/conformance/main.js');
