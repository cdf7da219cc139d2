// Preloaded into the store that a test attacks (`node --require`, which leaves the store all of its threads): notes how
// long its main thread was kept from its next turn, and its memory. What counts is the time for which the thread itself
// ran: on a busy machine it waits for a core, and for the threads that collect garbage with it, and neither is the store's
// doing. Linux alone tells that time; elsewhere the plain delay counts. Whoever removes the file begins anew.
const { existsSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

const file = process.env.ROLLOSCOPE_PROBE;
const TURN_MS = 10;
const REPORT_MS = 100;

/** Milliseconds for which the main thread ran so far. */
function ran() {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return performance.now();
  }
}

// A thread that the store begins loads this, too, and is not what is watched.
if (file && isMainThread) {
  let longest = 0;
  let most = 0;
  let at = performance.now();
  let before = ran();
  let reported = 0;
  setInterval(() => {
    const now = performance.now();
    const running = ran();
    longest = Math.max(longest, Math.min(now - at - TURN_MS, running - before));
    at = now;
    before = running;
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
