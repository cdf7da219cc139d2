import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import React from 'react';
import { palette } from '../../../shared/palette';
import { VisibleText } from '../blocks/VisibleText';
import type { Outcome } from './readOutcome';

/** The answer that the response gives, beside the ground truth, in words. */
export function Verdict({ outcome }: { outcome: Outcome }) {
  const styles = useStyles2(getStyles);
  const { answer, references, matches, logged } = outcome;
  if (!answer && references.length === 0 && logged === undefined) {
    return null;
  }
  const disagrees = logged !== undefined && matches !== undefined && logged !== matches;
  return (
    <div className={styles.verdict} role="note" aria-label="Answer">
      {answer ? (
        <span>
          Answer <Quoted text={answer.text} /> <span className={styles.faint}>{`by ${answer.by}`}</span>
        </span>
      ) : (
        <span>No final answer found</span>
      )}
      {references.length > 0 && (
        <span>
          {matches === undefined ? null : (
            <span className={matches ? styles.right : styles.wrong}>
              <Icon name={matches ? 'check' : 'times'} />
              {matches ? 'matches' : 'does not match'}
            </span>
          )}{' '}
          {matches === undefined ? 'Ground truth' : 'the ground truth'} <Quoted text={references.join(' or ')} />
        </span>
      )}
      {logged !== undefined && (
        <span className={disagrees ? styles.warned : styles.faint}>
          {disagrees && <Icon name="exclamation-triangle" />}
          {`${disagrees ? 'but logged as' : 'logged as'} ${logged ? 'correct' : 'wrong'}`}
        </span>
      )}
    </div>
  );
}

function Quoted({ text }: { text: string }) {
  const styles = useStyles2(getStyles);
  return (
    <strong className={styles.quoted} dir="auto">
      <VisibleText text={text} />
    </strong>
  );
}

const getStyles = (theme: GrafanaTheme2) => {
  const toned = { display: 'inline-flex', alignItems: 'center', verticalAlign: 'bottom', gap: theme.spacing(0.5) };
  return {
    verdict: css({
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(0.5, 1),
      padding: theme.spacing(0.75, 1),
      borderRadius: theme.shape.radius.default,
      background: palette(theme).background.secondary,
    }),
    quoted: css({ overflowWrap: 'anywhere', unicodeBidi: 'isolate', fontFamily: theme.typography.fontFamilyMonospace }),
    faint: css({ color: palette(theme).text.secondary }),
    right: css({ ...toned, color: palette(theme).success.text }),
    wrong: css({ ...toned, color: palette(theme).error.text }),
    warned: css({ ...toned, color: palette(theme).warning.text }),
  };
};
