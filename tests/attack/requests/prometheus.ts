import fc from 'fast-check';
import { judgeElsewhere } from './contract';
import type { Endpoint } from './Endpoint';
import { judgeRefusal } from './Endpoint';
import { onTheWire } from './onTheWire';
import type { WireRequest } from './WireRequest';
import { many, metric, runId } from './words';

const field = fc.oneof(
  fc.tuple(fc.constant('run'), fc.oneof(runId, fc.constantFrom('p/*', '*', `${'*'.repeat(1_000)}a`, '*a*b*c*d*'))),
  fc.tuple(fc.constant('metric'), metric),
);
const LABEL = String.raw`[a-z_]+="(?:[^"\\\n]|\\[\\n"])*"`;
/** Prometheus' text format: only line feeds end a line, and a label's value escapes three characters. */
const LINE = new RegExp(`^(# (HELP|TYPE) [^\\n]*|\\w+(\\{${LABEL}(,${LABEL})*\\})? [-+]?[\\w.+-]+)$`, 'u');

/** The exposition that Prometheus scrapes. */
export const PROMETHEUS: Endpoint = {
  name: 'metrics',
  requests: onTheWire(
    fc
      .oneof(
        { weight: 10, arbitrary: fc.array(field, { maxLength: 4 }) },
        { weight: 1, arbitrary: many(field, 100) },
        { weight: 1, arbitrary: fc.constant([['x', 'y']] as [string, string][]) },
      )
      .map(
        (fields): WireRequest => ({
          to: 'metrics',
          method: 'GET',
          path: `/metrics?${new URLSearchParams(fields)}`,
          headers: {},
          kind: 'fitting',
        }),
      ),
  ),
  judge(answer, { kind, method }) {
    if (kind === 'elsewhere' || method === 'HEAD') {
      return judgeElsewhere(answer);
    }
    if (answer.status >= 300) {
      return judgeRefusal(answer);
    }
    const bad = answer.text.split('\n').find((line) => line !== '' && !LINE.test(line));
    return bad === undefined ? undefined : `a line that is no exposition: ${JSON.stringify(bad)}`;
  },
};
