import { css } from '@emotion/css';
import type { QueryEditorHelpProps } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { dashboardVariables } from '../../shared/dashboardVariables';
import { METHODS } from '../code/methods';
import { exampleQuery } from '../exampleQuery';
import { EXAMPLES } from '../examples';
import { defaultRuns } from '../firstQuery';
import type { StoreQuery } from '../query';
import { codeStyles } from './codeStyles';

/** The questions that can be asked, as examples that run on a click. */
export function QueryHelp({ query, onClickExample }: QueryEditorHelpProps<StoreQuery>) {
  const styles = useStyles2(codeStyles);
  const names = dashboardVariables().map(({ name }) => name);
  return (
    <div>
      <h2>Queries of runs</h2>
      <p>
        A query reads from left to right: which runs, what of them, then how. <code>runs</code> are the dashboard's own
        where it has a variable <code>run</code>, else all; <code>runs(…)</code> says which. Click an example to run it.
      </p>
      <ul className={list}>
        {EXAMPLES.map((example) => (
          <li key={example.code}>
            <button
              type="button"
              className={styles.example}
              onClick={() => onClickExample(exampleQuery(example, defaultRuns(names), query?.refId ?? 'A'))}
            >
              <span>{example.title}</span>
              <code>{example.code}</code>
            </button>
          </li>
        ))}
      </ul>
      <h3>What may follow</h3>
      <dl className={terms}>
        {METHODS.map(({ name, example, about }) => (
          <React.Fragment key={name}>
            <dt>
              <code>{example}</code>
            </dt>
            <dd>{about}</dd>
          </React.Fragment>
        ))}
      </dl>
      <h3>Which runs</h3>
      <p>
        By id, <code>runs("a", $run)</code>; by what they have in common, <code>runs(project="math", tag="v2*")</code>,
        where <code>*</code> stands for any text; by config and last values,{' '}
        <code>runs(config.lr == 1e-6 or config.lr is null, summary.loss {'<'} 2)</code>; the newest,{' '}
        <code>runs(newest=5)</code>; or the best, <code>runs(order=summary.reward desc, limit=5)</code>.
      </p>
    </div>
  );
}

const list = css({ listStyle: 'none', padding: 0, display: 'grid', gap: 8, marginBottom: 16 });
const terms = css({
  display: 'grid',
  gridTemplateColumns: 'max-content 1fr',
  gap: '4px 16px',
  marginBottom: 16,
  '& dt, & dd': { margin: 0, fontWeight: 'normal' },
  '@media (max-width: 600px)': { gridTemplateColumns: '1fr' },
});
