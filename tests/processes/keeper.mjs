// Waits, beside a test process, for that to end, in whichever way; then ends what it started. Its standard input is a pipe
// that nobody else holds: there it is told of process groups, `+123` as one starts and `-123` as it ends, and it closes with
// the test process, even when that was killed. The argument is the mark of the test process.
import { text } from 'node:stream/consumers';
import { endMarked } from './marked.mjs';

const ROUNDS = 50;
const PAUSE_MS = 100;
const [mark = ''] = process.argv.slice(2);

const groups = new Set();
for (const line of (await text(process.stdin)).split('\n')) {
  const group = Number(line.slice(1));
  if (line.startsWith('+')) {
    groups.add(group);
  } else {
    groups.delete(group);
  }
}
// What is about to start another process is not caught in one round.
for (let round = 0; endMarked(mark, round === 0 ? [...groups] : []) > 0 && round < ROUNDS; round++) {
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
