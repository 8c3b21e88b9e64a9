// npm run test:corpus: ../shared/corpus through the parser, `tenantcrypt explain` and both servers.
import { runHarness } from './lib/compile.mjs';

await runHarness('test/corpus/main.js');
