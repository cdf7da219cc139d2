import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';
import { charCount } from '@rolloscope/contract/charCount';
import { LIMITS } from '@rolloscope/contract/limits';
import React, { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { palette } from '../../../shared/palette';
import { formatCount } from '../../text/formatCount';

interface Props {
  text: string;
  onChange: (text: string) => void;
  /** Resolves when it is saved, or could not be: then the text stays. */
  onSave: (text: string) => Promise<void>;
  onCancel: () => void;
  /** Ends the writing, and keeps what was typed. */
  onLeave: () => void;
}

/** The characters left from which on a writer is told how much room there is. */
const NEAR = 400;

/** The form in which a comment is written. Ctrl+Enter saves, Escape leaves what was typed for later. */
export function CommentEditor({ text, onChange, onSave, onCancel, onLeave }: Props) {
  const styles = useStyles2(getStyles);
  const [isSaving, setSaving] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  // Who opens it wants to write.
  useEffect(() => field.current?.focus(), []);
  const left = LIMITS.commentChars - charCount(text);
  const save = async () => {
    if (left >= 0 && !isSaving) {
      setSaving(true);
      await onSave(text);
      setSaving(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      // It is not the reader's here.
      event.stopPropagation();
      onLeave();
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void save();
    }
  };
  return (
    <div className={styles.editor}>
      <textarea
        ref={field}
        className={styles.text}
        aria-label="Comment"
        rows={3}
        value={text}
        aria-invalid={left < 0}
        onKeyDown={onKeyDown}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
      <div className={styles.line}>
        <Button size="sm" onClick={() => void save()} disabled={left < 0 || isSaving} tooltip="Ctrl+Enter">
          Save comment
        </Button>
        <Button size="sm" variant="secondary" fill="outline" onClick={onCancel}>
          Cancel
        </Button>
        <span role="status" className={styles.left}>
          {left < NEAR &&
            (left < 0 ? `${formatCount(-left)} characters too many` : `${formatCount(left)} characters left`)}
        </span>
      </div>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  editor: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(0.5) }),
  text: css({
    padding: theme.spacing(0.5, 1),
    border: `1px solid ${palette(theme).border.medium}`,
    borderRadius: theme.shape.radius.default,
    background: palette(theme).background.primary,
    color: palette(theme).text.primary,
    resize: 'vertical',
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: 1 },
  }),
  line: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(0.75) }),
  left: css({ fontSize: theme.typography.bodySmall.fontSize }),
});
