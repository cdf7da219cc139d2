// Preloaded into the store that a test attacks (`node --import`): notes how long its main thread was kept from its next
// turn, and its memory. The time for which the machine had no core to spare is left out, so that a busy machine does not
// look like a blocked store. Linux alone tells that time; elsewhere the plain delay counts. Whoever removes the file begins
// anew.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

const file = process.env.ROLLOSCOPE_PROBE;
const TURN_MS = 10;
const REPORT_MS = 100;

function waitedForCore() {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}

if (file) {
  let longest = 0;
  let most = 0;
  let at = performance.now();
  let waited = waitedForCore();
  let reported = 0;
  setInterval(() => {
    const now = performance.now();
    const waiting = waitedForCore();
    longest = Math.max(longest, now - at - TURN_MS - (waiting - waited));
    at = now;
    waited = waiting;
    if (now - reported > REPORT_MS) {
      reported = now;
      if (!existsSync(file)) {
        longest = 0;
        most = 0;
      }
      most = Math.max(most, process.memoryUsage.rss());
      writeFileSync(`${file}.new`, JSON.stringify({ longest, rss: process.memoryUsage.rss(), mostRss: most }));
      renameSync(`${file}.new`, file);
    }
  }, TURN_MS).unref();
}
