import { Agent } from 'node:http';
import { parseArgs } from 'node:util';
import { Attack, type Timed } from './Attack';
import { attackedStore, LOOP_MS } from './attackedStore';
import { TOKENS, tokensFile } from './attackTokens';
import { asCurl } from './requests/asCurl';
import { ENDPOINTS } from './requests/endpoints';
import { sendRequest } from './requests/sendRequest';
import { seedAttacked } from './seedAttacked';

const HELP = `npm run attack -- [--runs N] [--seed S] [--route NAME]… [--clients N] [--open]

  Draws requests for everything that the store answers to, good ones, slightly wrong ones and hostile ones, and sends
  them to a store of its own, which it watches: no status of 500, no end, no blocked event loop, memory and health.
  Needs npm run build. What fails is printed as a curl command; the same seed draws the same requests.

  --runs N      requests (default 10000)
  --seed S      a whole number (default: another one each time)
  --route NAME  only these: ${ENDPOINTS.map(({ name }) => name).join(' ')}
  --clients N   how many ask at one time (default 8)
  --open        a store without tokens
  --whole       print requests and answers whole, however long
`;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    route: { type: 'string', multiple: true },
    clients: { type: 'string', default: '8' },
    open: { type: 'boolean', default: false },
    whole: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const unknown = values.route?.find((name) => ENDPOINTS.every((one) => one.name !== name));
if (values.help || unknown !== undefined) {
  console.log(unknown === undefined ? HELP : `There is no route ${unknown}.\n\n${HELP}`);
  process.exit(unknown === undefined ? 0 : 2);
}
const [runs, seed, clients] = [Number(values.runs), Number(values.seed), Number(values.clients)];
const shown = (text: string) => (values.whole || text.length < 3_000 ? text : `${text.slice(0, 3_000)}… (--whole)`);

const tokens = values.open ? undefined : TOKENS;
const { file, remove } = tokensFile();
const store = await attackedStore({ args: values.open ? [] : ['--tokens', file] });
let isWell = true;
try {
  await seedAttacked(store, tokens?.all);
  await store.reset();
  const attack = new Attack(store, {
    runs,
    seed,
    clients,
    ...(values.route && { routes: values.route }),
    ...(tokens && { tokens }),
  });
  console.log(`${runs} requests with the seed ${seed}`);
  const begin = performance.now();
  await attack.run((sent) => {
    if (sent % 1_000 === 0) {
      const { longest, mostRss } = store.vitals();
      const seconds = Math.round((performance.now() - begin) / 1_000);
      console.log(`${sent} after ${seconds} s: loop ${Math.round(longest)} ms, ${Math.round(mostRss / 2 ** 20)} MB`);
    }
  });

  isWell = attack.failures.length === 0 && attack.suspects.length === 0;
  try {
    store.expectWell();
  } catch (cause) {
    console.log(`\n✗ ${(cause as Error).message}`);
    isWell = false;
  }
  console.log('\nroute: sent, of which answered with a success');
  for (const [name, { sent, done, refused }] of attack.tallies) {
    const why = [...refused].sort((a, b) => b[1] - a[1]).map(([code, times]) => `${times} × ${code}`);
    console.log(`  ${name}: ${sent}, ${done}; refused though fitting: ${why.join(', ') || 'none'}`);
  }
  console.log('\nslowest');
  for (const { took, request, prepared } of attack.slowest) {
    console.log(`  ${Math.round(took)} ms ${request.to}: ${shown(asCurl(store.url, prepared)).slice(0, 400)}`);
  }
  for (const { to, index, what, more, answer, curl } of attack.failures) {
    const alike = more > 0 ? ` (and ${more} more)` : '';
    console.log(`\n✗ ${to} #${index}: ${what}${alike}\n  ${answer}\n  ${shown(curl)}`);
  }
  for (const { longest, requests } of attack.suspects) {
    console.log(`\n✗ the event loop was blocked for ${Math.round(longest)} ms`);
    for (const { prepared, blocked } of await findCulprits(requests)) {
      console.log(`  ${Math.round(blocked)} ms by itself: ${shown(asCurl(store.url, prepared))}`);
    }
  }
  console.log(`\n${attack.failures.length} failures, ${attack.suspects.length} stalls; seed ${seed}`);
} finally {
  await store.stop();
  remove();
}
process.exit(isWell ? 0 : 1);

/** Sends each by itself and sees whether it blocks the store. */
async function findCulprits(requests: Timed[]) {
  const found: (Timed & { blocked: number })[] = [];
  const slow = requests.toSorted((a, b) => b.took - a.took).slice(0, 12);
  for (const one of slow) {
    await store.reset();
    await sendRequest(store.url, new Agent(), one.prepared, one.request);
    await new Promise((resolve) => setTimeout(resolve, 250));
    const { longest } = store.vitals();
    if (longest > LOOP_MS / 2) {
      found.push({ ...one, blocked: longest });
    }
  }
  return found;
}
