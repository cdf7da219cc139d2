import type { QueryResultMetaNotice } from '@grafana/data';
import { standsForMany } from '@rolloscope/contract/evals';
import type { MetricsAnswer } from '@rolloscope/contract/types';
import type { MetricsContext } from './seriesLines';

const count = (value: number) => value.toLocaleString('en');

/** Says what a person should know of the chart: what was left out, what is missing, what is no number. */
export function metricsNotices(answer: MetricsAnswer, { query, isOutside }: MetricsContext): QueryResultMetaNotice[] {
  const notices: QueryResultMetaNotice[] = [];
  const warn = (text: string) => notices.push({ severity: 'warning', text });
  const ran = isOutside ? ranText(answer) : undefined;
  if (ran !== undefined) {
    warn(`Ran ${ran}, outside this time range.`);
  }
  const drawn = answer.series.reduce((sum, { value }) => sum + value.length, 0);
  const logged = answer.series.reduce((sum, { totalPoints }) => sum + totalPoints, 0);
  if (logged > drawn) {
    const kept = {
      extremes: 'every dip and peak is kept',
      mean: 'each the mean of its bucket',
      last: 'each the last of its bucket',
    };
    notices.push({
      severity: 'info',
      text: `${count(drawn)} of ${count(logged)} points drawn; ${kept[query.reduce ?? 'extremes']}.`,
    });
  }
  const odd = nonFinite(answer);
  if (odd !== undefined) {
    warn(odd);
  }
  if (answer.truncated) {
    warn('More series than one chart takes: choose fewer runs or metrics.');
  }
  const { runs = [] } = answer.missing ?? {};
  // What one name did not find another may have: queries list what trainers call the same. A glob is no surprise either.
  const isFound = answer.series.length > 0;
  const metrics = isFound ? [] : (answer.missing?.metrics ?? []).filter((name) => !standsForMany(name));
  if (runs.length > 0) {
    warn(`No such run: ${runs.join(', ')}`);
  }
  if (metrics.length > 0) {
    warn(`Not logged: ${metrics.join(', ')}`);
  }
  return notices;
}

/** Says when the runs were, where the dashboard shows another time; undefined where the answer has no point. */
function ranText({ series }: MetricsAnswer): string | undefined {
  const times = series.flatMap(({ time }) => [time[0], time.at(-1)]).filter((time) => time !== undefined);
  const day = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
  return times.length === 0 ? undefined : day.formatRange(Math.min(...times), Math.max(...times));
}

/** A chart has no place for what is not finite, so it is told. */
function nonFinite({ series }: MetricsAnswer): string | undefined {
  let points = 0;
  let first: { metric: string; at: string; value: string } | undefined;
  for (const { metric, step, value } of series) {
    value.forEach((one, i) => {
      if (typeof one === 'string') {
        points++;
        const at = step[i] ?? null;
        first ??= { metric, at: at === null ? '' : ` at step ${at}`, value: one };
      }
    });
  }
  return (
    first &&
    `${count(points)} ${points === 1 ? 'point is' : 'points are'} no finite number: ${first.metric} was ${first.value}${first.at}${points > 1 ? ' first' : ''}.`
  );
}
