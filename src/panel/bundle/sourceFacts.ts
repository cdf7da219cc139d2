import { config, getDataSourceSrv } from '@grafana/runtime';
import { rowsMeta } from '../data/readTable';
import { isNarrowed } from '../table/narrowingOf';
import { readableText } from '../text/readableText';
import type { SourceFact } from './Bundle';
import type { BundleSource } from './BundleAsk';
import type { Collected } from './collectRows';

/** The fact that is the way back to Grafana. */
export const ADDRESS = 'Address';
/** Runs that are named; more are counted. */
const NAMED = 20;

/** Tells where rollouts come from, by name and value. Each fact may be left out. */
export function sourceFacts(source: BundleSource, collected: Collected, scope: string, version: string): SourceFact[] {
  const meta = rowsMeta(source.frame);
  const { narrowing } = source;
  const { name, login } = config.bootData.user;
  const facts: Array<[name: string, value: string | undefined]> = [
    ['Grafana', `${window.location.origin}${config.appSubUrl}, version ${config.buildInfo.version}`],
    [ADDRESS, source.link],
    ['Data source', meta && (getDataSourceSrv().getInstanceSettings(meta.uid)?.name ?? meta.uid)],
    ['Run', valuesOf(collected, 'run')],
    ['Table', source.label],
    ['Step', stepsOf(collected)],
    ['Query', meta && JSON.stringify(meta.request)],
    ['Narrowed by', isNarrowed(narrowing) || narrowing.orderBy.length > 0 ? JSON.stringify(narrowing) : undefined],
    ['Rollouts', scope],
    ['Saved', new Date().toISOString()],
    ['By', name && login && name !== login ? `${name} (${login})` : name || login || undefined],
    ['Made with', `Rolloscope ${version}`],
  ];
  return facts.flatMap(([fact, value]) => (value === undefined || value === '' ? [] : [{ name: fact, value }]));
}

function valuesOf({ rows }: Collected, column: string): string {
  const values = [...new Set(rows.map(({ cells }) => readableText(cells.get(column))))].filter((one) => one !== '');
  const more = values.length - NAMED;
  return values.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function stepsOf({ rows, columns }: Collected): string {
  const column = columns.find(({ role }) => role === 'step')?.name;
  const steps = rows.flatMap(({ cells }) => {
    const step = column === undefined ? undefined : cells.get(column);
    return typeof step === 'number' ? [step] : [];
  });
  const [low, high] = [
    steps.reduce((a, b) => Math.min(a, b), Infinity),
    steps.reduce((a, b) => Math.max(a, b), -Infinity),
  ];
  return steps.length === 0 ? '' : low === high ? String(low) : `${low} to ${high}`;
}
