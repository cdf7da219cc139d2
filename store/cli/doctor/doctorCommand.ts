import { existsSync } from 'node:fs';
import { API_BASE } from '@rolloscope/contract';
import packageJson from '../../package.json';
import { parseOptions } from '../parseOptions';
import { print } from '../say';
import { UsageError } from '../UsageError';
import { Caller, NoAnswer } from './Caller';
import { checkDataFolder } from './checkDataFolder';
import { checkGrafana } from './checkGrafana';
import { checkLabelToken } from './checkLabels';
import { checkMachine } from './checkMachine';
import { checkStore } from './checkStore';
import { checkTokenShape } from './checkTokenShape';
import { explainNoAnswer } from './explainNoAnswer';
import { type Finding, skipped } from './Finding';
import { tryRun } from './tryRun';

const NAMES = ['url', 'token', 'label-token', 'data', 'project', 'grafana', 'grafana-token'];
const ENVIRONMENT = {
  url: 'STORE_URL',
  token: 'STORE_TOKEN',
  'label-token': 'STORE_LABEL_TOKEN',
  data: 'STORE_DATA',
  grafana: 'GRAFANA_URL',
  'grafana-token': 'GRAFANA_TOKEN',
};
const WORDS: Record<Finding['level'], string> = { ok: 'OK', warning: 'warning', problem: 'problem', skipped: '-' };

/** Looks at all that has to fit for runs to arrive and to be seen. Resolves with 1 where there is a problem. */
export async function doctorCommand(args: string[]): Promise<number> {
  const { values, flags, positionals } = parseOptions('doctor', args, NAMES, {
    flags: ['json'],
    environment: ENVIRONMENT,
  });
  if (positionals.length > 0) {
    throw new UsageError(`doctor takes no ${JSON.stringify(positionals[0])}.`, 'doctor');
  }
  const url = urlOf('url', values.url ?? 'http://127.0.0.1:8900');
  const grafana = values.grafana === undefined ? undefined : urlOf('grafana', values.grafana).href;
  const { version } = packageJson;
  const findings: Finding[] = [...checkMachine(url)];
  const shape = checkTokenShape(values.token);
  findings.push(shape);
  // A token that no header can carry is said already; the store is asked without it.
  const token = shape.level === 'problem' ? undefined : values.token;
  const address = url.href.replace(/\/+$/, '').replace(new RegExp(`${API_BASE}$`), '');
  const store = new Caller(address, token);
  findings.push(
    ...(await atStore(store, url, version, values.project ?? 'rolloscope-doctor', shape.level !== 'problem')),
  );
  findings.push(...(await labelsAt(address, url, values['label-token'])));
  const data = values.data ?? (existsSync('data') ? 'data' : undefined);
  findings.push(
    ...(data === undefined
      ? [skipped('data', 'No data folder was named.', "On the store's machine, give --data FOLDER.")]
      : await checkDataFolder(data)),
    ...(await checkGrafana(grafana, values['grafana-token'], version)),
  );
  tellFindings(findings, flags.has('json'));
  return findings.some(({ level }) => level === 'problem') ? 1 : 0;
}

async function atStore(
  store: Caller,
  url: URL,
  version: string,
  project: string,
  isTokenSound: boolean,
): Promise<Finding[]> {
  const { isThere, findings } = await checkStore(store, url, version);
  if (!isThere || !isTokenSound) {
    return [
      ...findings,
      skipped('write', isThere ? 'Not tried with a token that is not whole.' : 'Not tried: no store answers.'),
    ];
  }
  try {
    return [...findings, ...(await tryRun(store, project))];
  } catch (cause) {
    if (cause instanceof NoAnswer) {
      return [...findings, explainNoAnswer('store', url, cause)];
    }
    throw cause;
  }
}

/** Tries a token to label with, where one is given. */
async function labelsAt(address: string, url: URL, token: string | undefined): Promise<Finding[]> {
  const shape = token === undefined ? undefined : checkTokenShape(token, 'label token');
  if (token === undefined || shape?.level === 'problem') {
    return shape ? [shape] : [];
  }
  try {
    return await checkLabelToken(new Caller(address, token));
  } catch (cause) {
    if (cause instanceof NoAnswer) {
      return [explainNoAnswer('label token', url, cause)];
    }
    throw cause;
  }
}

function tellFindings(findings: readonly Finding[], asJson: boolean): void {
  const [problems, warnings] = (['problem', 'warning'] as const).map(
    (level) => findings.filter((one) => one.level === level).length,
  );
  if (asJson) {
    print(JSON.stringify({ problems, warnings, findings }));
    return;
  }
  const width = Math.max(...findings.map(({ check }) => check.length));
  for (const { check, level, message, advice } of findings) {
    print(`${WORDS[level].padEnd(8)} ${check.padEnd(width)}  ${message}`);
    if (advice !== undefined) {
      print(`${' '.repeat(9 + width)}  → ${advice}`);
    }
  }
  print(`${problems} problems, ${warnings} warnings`);
}

function urlOf(option: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(
      `--${option} ${text}: an address begins with http:// or https://, such as http://store:8900.`,
      'doctor',
    );
  }
  return url;
}
