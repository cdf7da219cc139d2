import type { DataSourceInstanceSettings } from '@grafana/data';
import { type FetchError, getBackendSrv } from '@grafana/runtime';
import { API_BASE, APP_ID } from '@rolloscope/contract/names';
import type { ErrorAnswer, Health, ProjectsAnswer } from '@rolloscope/contract/types';
import { lastValueFrom } from 'rxjs';
import { read } from './stores';

/** What one look found, and what to do where it is not well. */
export interface Check {
  isWell: boolean;
  text: string;
}

/** Milliseconds that a browser's clock and the store's may differ by; the header has whole seconds. */
const APART = 5_000;
/** The id of a run that nobody has. */
const NOBODY = 'rolloscope-doctor-nobody-has-this';

/** What `rolloscope-store doctor` looks at, as far as a browser can through Grafana's proxy. Nothing is written. */
export async function checkStore({ url = '' }: DataSourceInstanceSettings): Promise<Check[]> {
  const asked = await Promise.allSettled([checkVersionAndClock(url), checkReads(url), checkToken(url)]);
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
  const request = {
    url: `${url}${API_BASE}/runs/${NOBODY}/log`,
    method: 'POST',
    data: { entries: [] },
    showErrorAlert: false,
  };
  const code = await lastValueFrom(getBackendSrv().fetch(request)).then(
    () => undefined,
    (error: FetchError<Partial<ErrorAnswer>>) => error.data?.error?.code ?? 'unknown',
  );
  return [
    code === 'run_not_found'
      ? {
          isWell: false,
          text: "Its token may write, so whoever may view can delete runs: give the data source the store's read token.",
        }
      : { isWell: true, text: 'Nothing can be written to the store through Grafana.' },
  ];
}

const reasonOf = (reason: unknown) =>
  (reason as Partial<FetchError>).statusText ?? (reason instanceof Error ? reason.message : 'no answer');
