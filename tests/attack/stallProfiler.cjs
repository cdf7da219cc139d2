// Preloaded into the store that an attack looks into (`npm run attack -- --profile`): says on stderr what the main thread
// did whenever it was kept from its next turn for too long.
const { readFileSync } = require('node:fs');
const { Session } = require('node:inspector');

const LONG_MS = Number(process.env.ROLLOSCOPE_STALL_MS ?? 100);
const TURN_MS = 10;
/** Profiles are begun anew, or they would grow without end. */
const RENEW_MS = 5_000;
const FRAMES = 6;
const SHOWN = 5;

const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.setSamplingInterval', { interval: 1_000 });
session.post('Profiler.start');
let at = performance.now();
let before = ran();
let begun = at;

/** Milliseconds for which the main thread ran so far; waiting for a core is no stall. */
function ran() {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return performance.now();
  }
}

/** Stacks of the last `ms` milliseconds, those that took longest first. */
function lastStacks({ nodes, samples, timeDeltas, endTime }, ms) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const stackOf = (id) => {
    const frames = [];
    for (let one = id; one !== undefined && frames.length < FRAMES; one = parents.get(one)) {
      const { functionName, url, lineNumber } = byId.get(one).callFrame;
      frames.push(`${functionName || '(anonymous)'} ${url.split('/').at(-1)}:${lineNumber + 1}`);
    }
    return frames.join(' < ');
  };
  const times = new Map();
  let time = endTime;
  for (let i = samples.length - 1; i >= 0 && time > endTime - ms * 1_000; i--) {
    const stack = stackOf(samples[i]);
    times.set(stack, (times.get(stack) ?? 0) + timeDeltas[i]);
    time -= timeDeltas[i];
  }
  return [...times].sort((a, b) => b[1] - a[1]).slice(0, SHOWN);
}

setInterval(() => {
  const now = performance.now();
  const stalled = Math.min(now - at - TURN_MS, ran() - before);
  if (stalled > LONG_MS || now - begun > RENEW_MS) {
    session.post('Profiler.stop', (_, { profile }) => {
      if (stalled > LONG_MS) {
        const stacks = lastStacks(profile, stalled).map(([stack, time]) => `${Math.round(time / 1_000)} ms ${stack}`);
        process.stderr.write(`stalled ${Math.round(stalled)} ms\n  ${stacks.join('\n  ')}\n`);
      }
    });
    session.post('Profiler.start');
    begun = performance.now();
  }
  at = performance.now();
  before = ran();
}, TURN_MS).unref();
