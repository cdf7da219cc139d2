import type { DataSourceInstanceSettings, DataSourceJsonData } from '@grafana/data';
import { type FetchError, getBackendSrv } from '@grafana/runtime';
import { API_BASE, APP_ID } from '@rolloscope/contract/names';
import type { ErrorAnswer, Health, ProjectsAnswer } from '@rolloscope/contract/types';
import { lastValueFrom } from 'rxjs';
import { read } from './stores';

/** The finding of one look, and what to do where it is not well. */
export interface Check {
  isWell: boolean;
  text: string;
}

/** Milliseconds that a browser's clock and the store's may differ by; the header has whole seconds. */
const APART = 5_000;
/** The id of a run, and of a row, that nobody has. */
const NOBODY = 'rolloscope-doctor-nobody-has-this';

/** The part of the data source's options that says whether Grafana keeps a token to label rollouts with. */
type LabelOptions = DataSourceJsonData & { labels?: boolean };
const NO_LABELS: Check[] = [
  { isWell: true, text: 'It has no label token: rollouts cannot be starred, judged or commented on through it.' },
];

/** Looks at what `rolloscope-store doctor` looks at, as far as Grafana's proxy lets a browser. Writes nothing. */
export async function checkStore({ url = '', jsonData }: DataSourceInstanceSettings<LabelOptions>): Promise<Check[]> {
  const labels = jsonData?.labels === true ? checkLabels(url) : NO_LABELS;
  const asked = await Promise.allSettled([checkVersionAndClock(url), checkReads(url), checkToken(url), labels]);
  return asked.flatMap((one) =>
    one.status === 'fulfilled'
      ? one.value
      : [{ isWell: false, text: `It could not be asked: ${reasonOf(one.reason)}` }],
  );
}

async function checkVersionAndClock(url: string): Promise<Check[]> {
  const [plugin, { data, headers }] = await Promise.all([
    read<{ info: { version: string } }>(`/public/plugins/${APP_ID}/plugin.json`),
    lastValueFrom(getBackendSrv().fetch<Health>({ url: `${url}${API_BASE}/health`, showErrorAlert: false })),
  ]);
  const { version } = plugin.info;
  const apart = Date.parse(headers.get('date') ?? '') + 500 - Date.now();
  return [
    data.version === version
      ? { isWell: true, text: `Plugin and store are both ${version}.` }
      : { isWell: false, text: `The plugin is ${version}, the store ${data.version}: bring the older one up to date.` },
    Number.isNaN(apart)
      ? { isWell: false, text: 'The answer tells no time: something between Grafana and the store changes it.' }
      : Math.abs(apart) <= APART
        ? { isWell: true, text: 'The clocks of the store and of this browser agree.' }
        : {
            isWell: false,
            text: `The store's clock is ${Math.round(Math.abs(apart) / 1_000)} s ${apart > 0 ? 'ahead of' : 'behind'} this browser's: “last 5 minutes” may be empty. Set both by NTP.`,
          },
  ];
}

async function checkReads(url: string): Promise<Check[]> {
  const { projects } = await read<ProjectsAnswer>(`${url}${API_BASE}/projects`);
  return [
    { isWell: true, text: `Its token reads ${projects.length === 1 ? '1 project' : `${projects.length} projects`}.` },
  ];
}

/** Asks for a write to a run that is not there: what refuses it tells whether the token of the data source may write. */
async function checkToken(url: string): Promise<Check[]> {
  const { code } = await refusal(`${url}${API_BASE}/runs/${NOBODY}/log`, 'POST', { entries: [] });
  return [
    code === 'run_not_found'
      ? {
          isWell: false,
          text: "Its token may write, so whoever may view can delete runs: give the data source the store's read token.",
        }
      : { isWell: true, text: 'Nothing can be written to the store through Grafana.' },
  ];
}

/** The same of a label on a row that is not there. Grafana itself refuses Viewers. */
async function checkLabels(url: string): Promise<Check[]> {
  const label = { person: 'Rolloscope', star: true };
  const { code, status } = await refusal(`${url}${API_BASE}/labels/${NOBODY}`, 'PUT', label);
  return [
    code === 'row_not_found'
      ? { isWell: true, text: 'You may label rollouts through it, as Editors and Admins may.' }
      : status === 403 && code === undefined
        ? { isWell: true, text: 'Editors and Admins label rollouts through it; you read labels.' }
        : {
            isWell: false,
            text:
              code === 'proxied_write'
                ? 'A store without tokens takes no labels through Grafana: start it with tokens, and give it a label token.'
                : 'The store takes no labels from it: set its label token to the one that the store was started with.',
          },
  ];
}

/** Says how a call is refused: the store's code, where it is the store that refuses, and the status; else empty. */
async function refusal(url: string, method: string, data: object): Promise<{ code?: string; status?: number }> {
  return lastValueFrom(getBackendSrv().fetch({ url, method, data, showErrorAlert: false })).then(
    () => ({}),
    ({ status, data: answer }: FetchError<Partial<ErrorAnswer>>) => ({
      status,
      ...(answer?.error?.code !== undefined && { code: answer.error.code }),
    }),
  );
}

const reasonOf = (reason: unknown) =>
  (reason as Partial<FetchError>).statusText ?? (reason instanceof Error ? reason.message : 'no answer');
