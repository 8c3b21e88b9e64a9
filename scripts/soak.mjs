// npm run test:soak: many sessions, and a client that stops reading, against the product in a process of its own.
import { runHarness } from './lib/compile.mjs';

await runHarness('test/soak/main.js');
