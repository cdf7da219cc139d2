import { API_BASE, APP_ID, DATASOURCE_ID } from '@rolloscope/contract';
import { type Answer, Caller, described, NoAnswer } from './Caller';
import { checkLabelsOf, NOBODY } from './checkLabels';
import { explainNoAnswer } from './explainNoAnswer';
import { type Finding, ok, problem, skipped, warning } from './Finding';

interface DataSource {
  uid: string;
  name: string;
  type: string;
  url: string;
  jsonData?: { labels?: boolean };
}

/** Checks what Grafana sees: the plugin, its data sources, and the store behind each, through Grafana's own proxy. */
export async function checkGrafana(
  address: string | undefined,
  token: string | undefined,
  version: string,
): Promise<Finding[]> {
  if (address === undefined) {
    return [
      skipped(
        'grafana',
        'Nobody said where Grafana is.',
        'Give --grafana URL and --grafana-token (a service account that may read data sources), or open the page of the app: /a/rolloscope-runs-app',
      ),
    ];
  }
  const grafana = new Caller(address, token);
  try {
    const health = await grafana.call('GET', '/api/health');
    if (health.status !== 200 || typeof health.body.version !== 'string') {
      return [
        problem(
          'grafana',
          `What answers at ${address} is no Grafana (${described(health)}).`,
          'Correct the address; where Grafana is served below a path, it belongs to it.',
        ),
      ];
    }
    return [ok('grafana', `Grafana ${health.body.version} answers.`), ...(await lookInside(grafana, version))];
  } catch (cause) {
    if (cause instanceof NoAnswer) {
      return [explainNoAnswer('grafana', new URL(address), cause)];
    }
    throw cause;
  }
}

async function lookInside(grafana: Caller, version: string): Promise<Finding[]> {
  const plugin = await grafana.call('GET', `/api/plugins/${APP_ID}/settings`);
  if ([401, 403].includes(plugin.status)) {
    return [notAllowed(grafana, plugin.status)];
  }
  const findings = [pluginOf(plugin, version)];
  const list = await grafana.call('GET', '/api/datasources');
  if (list.status !== 200) {
    return [...findings, notAllowed(grafana, list.status)];
  }
  const sources = (JSON.parse(list.text) as DataSource[]).filter(({ type }) => type === DATASOURCE_ID);
  if (sources.length === 0) {
    return [
      ...findings,
      problem(
        'data source',
        'No data source of the type "Rolloscope runs" is there.',
        'Connections > Add new connection > Rolloscope runs, with the address of the store as Grafana reaches it.',
      ),
    ];
  }
  for (const source of sources) {
    findings.push(...(await checkSource(grafana, source)));
  }
  return findings;
}

/** A token that Grafana does not know is a 401, one without the right a 403. */
function notAllowed({ hasToken }: Caller, status: number): Finding {
  const isUnknown = hasToken && status === 401;
  return problem(
    'grafana',
    isUnknown
      ? 'Grafana does not know this token: it is mistyped, has expired, was deleted, or is of another Grafana.'
      : hasToken
        ? 'Grafana does not let this token look at plugins and data sources.'
        : 'Grafana tells of plugins and data sources to a token only, and none was given.',
    'Give the token of a service account with the role Admin, or datasources:read and datasources:query, as --grafana-token or GRAFANA_TOKEN.',
  );
}

function pluginOf({ status, body }: Answer, version: string): Finding {
  if (status !== 200) {
    return problem(
      'plugin',
      `The app ${APP_ID} is not installed in it, or was refused as unsigned.`,
      `Unpack the plugin into Grafana's plugins folder, name it in allow_loading_unsigned_plugins, and start Grafana anew.`,
    );
  }
  const installed = (body.info as { version?: string } | undefined)?.version ?? '?';
  if (body.enabled === false) {
    return problem(
      'plugin',
      `The app ${installed} is installed, and not enabled.`,
      'Administration > Plugins > Rolloscope > Enable.',
    );
  }
  return installed === version
    ? ok('plugin', `The app ${installed} is installed and enabled.`)
    : warning('plugin', `The app is ${installed}, this store's command ${version}.`, 'Bring the older one up to date.');
}

/** Asks through Grafana's proxy, as a panel would. */
async function checkSource(grafana: Caller, { uid, name, url, jsonData }: DataSource): Promise<Finding[]> {
  const check = `data source ${name}`;
  const path = `/api/datasources/proxy/uid/${encodeURIComponent(uid)}${API_BASE}`;
  const answer = await grafana.call('GET', `${path}/projects`);
  if (answer.status !== 200 || !Array.isArray(answer.body.projects)) {
    return [problem(check, `Grafana does not reach a store at ${url}: ${reasonOf(answer)}`, adviceOf(answer))];
  }
  // It asks for a run that nobody has: what refuses it tells whether the token behind it may write.
  const write = await grafana.call('POST', `${path}/runs/${NOBODY}/log`, { entries: [] });
  return [
    write.error.code === 'run_not_found'
      ? warning(
          check,
          'It reads the store, and its token may write: whoever may view a dashboard can delete runs.',
          "Give the data source the store's read token.",
        )
      : ok(check, `It reads the store at ${url}, and cannot write; it sees ${answer.body.projects.length} projects.`),
    await checkLabelsOf(grafana, name, path, jsonData?.labels === true),
  ];
}

const reasonOf = (answer: Answer) =>
  answer.status === 400 && answer.error.code === undefined
    ? 'the store refuses its token.'
    : answer.status === 502
      ? 'nothing answers its server there (502).'
      : `${described(answer)}.`;

const adviceOf = ({ status, error }: Answer) =>
  status === 400 || error.code?.startsWith('token_') === true
    ? "Set the header Authorization of the data source to Bearer and the store's read token."
    : "The URL of the data source is called by Grafana's server: inside a container localhost is the container.";
