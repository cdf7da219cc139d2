// A thread that looks for patterns in texts: one that takes too long is ended with its thread. Plain JavaScript, so that
// it runs from the sources (tests) as well as beside the built store.
import { parentPort } from 'node:worker_threads';
import { RE2JS } from 're2js';

/** Those of the last question: texts of one search come one after another. */
let last = new Map();

parentPort.on('message', ({ patterns, texts }) => {
  const compiled = new Map();
  const found = [];
  for (const { pattern, ignoresCase } of patterns) {
    try {
      const key = `${ignoresCase} ${pattern}`;
      compiled.set(key, last.get(key) ?? RE2JS.compile(pattern, ignoresCase ? RE2JS.CASE_INSENSITIVE : 0));
      found.push(texts.map((text) => compiled.get(key).test(text)));
    } catch (error) {
      parentPort.postMessage({ fault: error instanceof Error ? error.message : String(error), pattern });
      return;
    }
  }
  last = compiled;
  parentPort.postMessage({ found });
});
