import { API_BASE, API_VERSION, type Health, type ProjectsAnswer } from '@rolloscope/contract';
import type { Answer, Caller } from './Caller';
import { described, NoAnswer } from './Caller';
import { roomOf } from './checkDataFolder';
import { explainNoAnswer } from './explainNoAnswer';
import { type Finding, ok, problem, skipped, warning } from './Finding';

/** Milliseconds that clocks may differ by. The header has whole seconds, and the call takes its time. */
const APART = 5_000;
const FAR_APART = 5 * 60_000;
const REDIRECTS = [301, 302, 303, 307, 308];

/** Checks whether a store answers, of which version, with room and the right time, and what the token may read. */
export async function checkStore(
  store: Caller,
  url: URL,
  version: string,
): Promise<{ isThere: boolean; findings: Finding[] }> {
  let answer: Answer;
  try {
    answer = await store.call('GET', `${API_BASE}/health`);
  } catch (cause) {
    if (cause instanceof NoAnswer) {
      return { isThere: false, findings: [explainNoAnswer('store', url, cause)] };
    }
    throw cause;
  }
  const health = answer.body as Partial<Health>;
  if (answer.status !== 200 || health.apiVersion === undefined) {
    return { isThere: false, findings: [notAStore(answer, url)] };
  }
  return {
    isThere: true,
    findings: [
      ok('store', `A store answers at ${store.base}.`),
      versionOf(health, version),
      stateOf(health),
      ...(health.storage?.freeBytes === undefined
        ? []
        : [{ ...roomOf(health.storage.freeBytes), check: 'disk of the store' }]),
      clockOf(answer),
      await mayRead(store),
    ],
  };
}

function notAStore(answer: Answer, url: URL): Finding {
  const to = answer.headers.get('location');
  if (REDIRECTS.includes(answer.status) && to !== null) {
    const there = new URL(to, url);
    return /\/login\b/.test(there.pathname)
      ? problem(
          'store',
          `What answers at ${url.host} sends everybody to a login page: it looks like Grafana.`,
          "Give --url the store's own address, and Grafana's with --grafana.",
        )
      : problem(
          'store',
          `${url.host} sends callers on to ${there.origin}; what they send is lost on the way.`,
          `Use that address: --url ${there.origin}`,
        );
  }
  if (answer.error.code !== undefined) {
    return problem(
      'store',
      `The store refuses even to tell how it is: ${answer.error.message}`,
      'Use the name or address that it was started for.',
    );
  }
  return answer.status >= 502 && answer.status <= 504
    ? problem(
        'store',
        `A proxy answers at ${url.host}, and reaches no store (${described(answer)}).`,
        'Start the store, or correct where the proxy leads.',
      )
    : problem(
        'store',
        `What answers at ${url.host} is no run store (${described(answer)}).`,
        'Correct the port. A path belongs to the URL only where a proxy leads it to the store.',
      );
}

function versionOf({ version = '?', apiVersion }: Partial<Health>, own: string): Finding {
  if (apiVersion !== API_VERSION) {
    return problem(
      'version',
      `The store ${version} speaks version ${apiVersion} of the API; this command, ${own}, speaks ${API_VERSION}.`,
      'Use the same version of both.',
    );
  }
  return version === own
    ? ok('version', `The store and this command are ${own}; version ${API_VERSION} of the API.`)
    : warning(
        'version',
        `The store is ${version}, this command ${own}; both speak version ${API_VERSION} of the API.`,
        'Bring the older one up to date.',
      );
}

const stateOf = ({ status, storage }: Partial<Health>): Finding =>
  status === 'ok'
    ? ok('storage', 'The store can write what it is sent.')
    : problem(
        'storage',
        `The store is in trouble: ${storage?.message ?? 'it does not say why'}`,
        'Its log (stderr) says more.',
      );

function clockOf({ headers, at }: Answer): Finding {
  const theirs = Date.parse(headers.get('date') ?? '');
  if (Number.isNaN(theirs) || headers.has('age')) {
    return warning(
      'clock',
      'The answer has no time of its own: something in between keeps answers.',
      'Let the proxy keep none of the store.',
    );
  }
  // The header is cut to the second.
  const apart = theirs + 500 - at;
  const seconds = Math.round(Math.abs(apart) / 1_000);
  const said = `The store's clock is ${seconds} s ${apart > 0 ? 'ahead of' : 'behind'} this machine's`;
  const advice = 'Set both by NTP. Points without a time get the store\'s, and alerts and "last 5 minutes" go by it.';
  if (Math.abs(apart) > FAR_APART) {
    return problem('clock', `${said}: what is logged from here may be outside of what dashboards show.`, advice);
  }
  return Math.abs(apart) > APART
    ? warning('clock', `${said}.`, advice)
    : ok('clock', 'The clocks agree within seconds.');
}

async function mayRead(store: Caller): Promise<Finding> {
  const answer = await store.call('GET', `${API_BASE}/projects`);
  if (answer.status === 200) {
    const { projects = [] } = answer.body as Partial<ProjectsAnswer>;
    return ok(
      'read',
      projects.length === 0
        ? 'It may read; there are no runs that it sees.'
        : `It may read; it sees ${projects.length} projects.`,
    );
  }
  return answer.error.code === 'not_allowed'
    ? skipped('read', 'The token may not read: enough for a trainer, not for Grafana.')
    : refusedOf('read', answer, store);
}

/** Explains why a call was refused that the token should allow. */
export function refusedOf(check: string, answer: Answer, store: Caller): Finding {
  switch (answer.error.code) {
    case 'token_missing':
      return store.hasToken
        ? problem(
            check,
            'The token was sent, and did not arrive: something in between takes the header Authorization away.',
            'Let the proxy pass it on.',
          )
        : problem(check, 'The store wants a token, and none was given.', 'Give --token or STORE_TOKEN.');
    case 'token_wrong':
      return problem(
        check,
        'The store does not know this token.',
        'Take it from --read-token, --write-token or the tokens file of the store.',
      );
    case 'proxied_write':
      return problem(check, `${answer.error.message}`, 'Start the store with tokens, or call it without the proxy.');
    default:
      return problem(check, `It is refused: ${described(answer)}`, 'Take a token with that right.');
  }
}
