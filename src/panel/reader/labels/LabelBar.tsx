import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, Tooltip, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';
import { escapeLine } from '../../../shared/escapeText';
import { palette } from '../../../shared/palette';
import { smallButton, smallButtonOn } from '../../color/smallButton';
import { withKey } from '../keys';
import { CommentEditor } from './CommentEditor';
import { LabelLine } from './LabelLine';
import { says } from './RowLabels';
import type { ShownLabels } from './useRowLabels';

interface Props {
  labels: ShownLabels;
  timeZone: string;
  /** True while the person writes a comment. */
  isWriting: boolean;
  onWriting: (isWriting: boolean) => void;
  /** The text that was typed and not saved; it stays while the reader is open. */
  draft: string | undefined;
  onDraft: (text: string | undefined) => void;
}

/** Shows a rollout's labels: one's own star, verdict and comment, what others say, and who said what before. */
export function LabelBar({ labels, timeZone, isWriting, onWriting, draft, onDraft }: Props) {
  const styles = useStyles2(getStyles);
  const [hasHistory, setHistory] = useState(false);
  const { answer, own, why, person, fault, before, isSaving } = labels;
  if (!answer) {
    return fault === undefined ? null : (
      <section className={styles.bar} aria-label="Labels">
        <div className={styles.quiet}>Labels could not be read: {fault}</div>
      </section>
    );
  }
  const mayLabel = why === undefined;
  const shown = answer.labels.filter((label) => says(label) && !(mayLabel && label.person === person));
  // A verdict that the team has no more stays where it was given.
  const verdicts = own.verdict !== null ? [...new Set([...answer.verdicts, own.verdict])] : answer.verdicts;
  const mine = answer.labels.find((label) => label.person === person);
  return (
    <section className={styles.bar} aria-label="Labels">
      <div className={styles.line}>
        {mayLabel ? (
          <>
            <Tooltip content={withKey('star', own.star ? 'Take the star away' : 'Star this rollout')}>
              <button
                type="button"
                className={cx(styles.button, own.star && styles.isOn)}
                aria-pressed={own.star}
                aria-label="Star"
                onClick={() => void labels.change({ star: !own.star })}
              >
                <span aria-hidden>{own.star ? '★' : '☆'}</span> Star
              </button>
            </Tooltip>
            {/* biome-ignore lint/a11y/useSemanticElements: a fieldset has borders and a legend of its own */}
            <div className={styles.verdicts} role="group" aria-label="Verdict">
              {verdicts.map((verdict, i) => (
                <Tooltip key={verdict} content={`Verdict ${escapeLine(verdict)}${i < 9 ? ` (${i + 1})` : ''}`}>
                  <button
                    type="button"
                    className={cx(styles.button, own.verdict === verdict && styles.isOn)}
                    aria-pressed={own.verdict === verdict}
                    onClick={() => void labels.change({ verdict: own.verdict === verdict ? null : verdict })}
                  >
                    {escapeLine(verdict)}
                  </button>
                </Tooltip>
              ))}
            </div>
            <Tooltip content={withKey('comment')}>
              <button
                type="button"
                className={styles.button}
                aria-expanded={isWriting}
                onClick={() => onWriting(!isWriting)}
              >
                <Icon name="comment-alt" size="sm" /> {own.comment === null ? 'Comment' : 'Edit comment'}
              </button>
            </Tooltip>
            {before && (
              <Tooltip content={withKey('undo')}>
                <button type="button" className={styles.button} onClick={() => void labels.undo()}>
                  Undo
                </button>
              </Tooltip>
            )}
          </>
        ) : (
          <span className={styles.quiet}>
            <Icon name="lock" size="sm" /> {why}
          </span>
        )}
        {answer.history.length > 0 && (
          <button
            type="button"
            className={cx(styles.button, styles.last)}
            aria-expanded={hasHistory}
            onClick={() => setHistory(!hasHistory)}
          >
            History ({answer.changes})
          </button>
        )}
        <span role="status" className={styles.quiet}>
          {isSaving ? 'Saving…' : before ? 'Saved' : ''}
        </span>
      </div>
      {fault !== undefined && (
        <div role="alert" className={styles.fault}>
          <Icon name="exclamation-triangle" size="sm" /> Not saved: {fault}
        </div>
      )}
      {isWriting && mayLabel && (
        <CommentEditor
          text={draft ?? own.comment ?? ''}
          onChange={onDraft}
          onSave={async (text) => {
            if (await labels.change({ comment: text.trim() === '' ? null : text })) {
              onDraft(undefined);
              onWriting(false);
            }
          }}
          onCancel={() => {
            onDraft(undefined);
            onWriting(false);
          }}
          onLeave={() => onWriting(false)}
        />
      )}
      {!isWriting && mine && own.comment !== null && mayLabel && (
        <LabelLine label={{ ...mine, comment: own.comment }} name="You" part="comment" timeZone={timeZone} />
      )}
      {shown.length > 0 && (
        <ul className={styles.list} aria-label={mayLabel ? 'What others say' : 'What people say'}>
          {shown.map((label) => (
            <li key={label.person}>
              <LabelLine label={label} timeZone={timeZone} />
            </li>
          ))}
        </ul>
      )}
      {hasHistory && (
        <ol className={cx(styles.list, styles.history)} aria-label="History of labels" reversed>
          {[...answer.history].reverse().map((label) => (
            <li key={`${label.person} ${label.version}`}>
              <LabelLine label={label} timeZone={timeZone} />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(0.5),
    maxHeight: '40%',
    overflow: 'auto',
    flexShrink: 0,
    padding: theme.spacing(0.75, 1.5),
    borderBottom: `1px solid ${palette(theme).border.weak}`,
  }),
  line: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(0.75) }),
  verdicts: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.5) }),
  button: css({
    ...smallButton(theme),
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    minHeight: 24,
    padding: theme.spacing(0, 1),
    borderColor: palette(theme).border.medium,
  }),
  isOn: css(smallButtonOn(theme)),
  last: css({ marginLeft: 'auto' }),
  quiet: css({ color: palette(theme).text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
  fault: css({ color: palette(theme).error.text, fontSize: theme.typography.bodySmall.fontSize }),
  list: css({ margin: 0, paddingLeft: 0, listStyle: 'none', display: 'flex', flexDirection: 'column', gap: 2 }),
  history: css({ paddingTop: theme.spacing(0.5), borderTop: `1px solid ${palette(theme).border.weak}` }),
});
