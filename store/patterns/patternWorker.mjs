// A thread that looks for patterns in texts: one that takes too long is ended with its thread. Plain JavaScript, so that
// it runs from the sources (tests) as well as beside the built store.
import { parentPort } from 'node:worker_threads';
import { RE2JS } from 're2js';

/** The last one used: texts of one search come one after another. */
let last = { key: '', pattern: RE2JS.compile('') };

parentPort.on('message', ({ pattern, ignoresCase, texts }) => {
  try {
    const key = `${ignoresCase} ${pattern}`;
    if (last.key !== key) {
      last = { key, pattern: RE2JS.compile(pattern, ignoresCase ? RE2JS.CASE_INSENSITIVE : 0) };
    }
    parentPort.postMessage({ found: texts.map((text) => last.pattern.test(text)) });
  } catch (error) {
    parentPort.postMessage({ fault: error instanceof Error ? error.message : String(error) });
  }
});
