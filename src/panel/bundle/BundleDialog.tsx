import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Alert, Button, Field, Input, Modal, RadioButtonList, TextArea, useStyles2 } from '@grafana/ui';
import React, { useContext, useEffect, useMemo, useRef, useState } from 'react';
import { faultText } from '../data/faultText';
import { MediaContext } from '../media/MediaContext';
import { mediaCount } from '../media/mediaWords';
import { countText } from '../text/countText';
import type { BundleAsk, BundleSource } from './BundleAsk';
import { BundleChoices } from './BundleChoices';
import type { Collected } from './collectRows';
import { type Choices, makeBundle } from './makeBundle';
import { pageScript } from './pageScript';
import { saveBundle } from './saveBundle';
import { type BundleScope, scopesOf } from './scopes';
import { sourceFacts } from './sourceFacts';
import { useCollected } from './useCollected';

interface Props {
  ask: BundleAsk;
  onClose: () => void;
}

/** Asks what goes into a file of rollouts and what does not, and saves it. */
export function BundleDialog({ ask, onClose }: Props) {
  const { data, source } = ask;
  const scopes = useMemo(() => scopesOf(ask), [ask]);
  const styles = useStyles2(getStyles);
  const [at, setAt] = useState(0);
  const scope = scopes[at] as BundleScope;
  const { collected, fault, done, of } = useCollected(data, scope);
  return (
    <Modal title="Save rollouts as HTML" isOpen onDismiss={onClose} className={styles.modal}>
      <p>
        One file that opens in any browser, also offline, and asks nothing of any network. Look through what goes in:
        whoever gets the file can read all of it.
      </p>
      {scopes.length > 1 && (
        <Field label="What to save">
          <RadioButtonList
            name="bundle-scope"
            options={scopes.map(({ label, rows }, i) => ({
              // Grafana shows a choice of the value 0 as not chosen.
              value: String(i),
              label: rows === undefined ? label : `${label} (${countText(rows, 'rollout')})`,
            }))}
            value={String(at)}
            onChange={(chosen) => setAt(Number(chosen))}
          />
        </Field>
      )}
      {fault !== undefined && (
        <Alert severity="warning" title="These cannot be saved as one file">
          {fault}
        </Alert>
      )}
      {fault === undefined && !collected && (
        <div className={styles.progress}>
          <label>
            Loading the rollouts whole… <progress value={of > 0 ? done / of : 0} />
          </label>{' '}
          <span>{of > 0 && `${done} of ${of}`}</span>
        </div>
      )}
      {collected ? (
        <Chosen key={at} collected={collected} scope={scope.label} source={source} onClose={onClose} />
      ) : (
        <Modal.ButtonRow>
          <Button variant="secondary" onClick={onClose}>
            Cancel
          </Button>
        </Modal.ButtonRow>
      )}
    </Modal>
  );
}

interface ChosenProps {
  collected: Collected;
  scope: string;
  source: BundleSource;
  onClose: () => void;
}

/** Offers a choice of what goes in and of the words that do not, and the button that saves. */
function Chosen({ collected, scope, source, onClose }: ChosenProps) {
  const styles = useStyles2(getStyles);
  const page = pageScript();
  const facts = useMemo(
    () => sourceFacts(source, collected, scope, page.version),
    [source, collected, scope, page.version],
  );
  const [title, setTitle] = useState(() => titleOf(source, collected));
  const [choices, choose] = useState<Choices>(() => ({
    rows: new Set(collected.rows.map(({ rowId }) => rowId)),
    columns: new Set(collected.columns.map(({ name }) => name)),
    facts: new Set(facts.map(({ name }) => name)),
    words: '',
    hasMedia: true,
  }));
  const { urlOf } = useContext(MediaContext);
  const [saving, setSaving] = useState<{ share?: number; said?: string; isFault?: boolean }>({});
  const abort = useRef<AbortController>(undefined);
  useEffect(() => () => abort.current?.abort(), []);
  const save = () => {
    abort.current = new AbortController();
    const { signal } = abort.current;
    setSaving({ share: 0 });
    const onProgress = (share: number) => setSaving({ share });
    makeBundle(collected, facts, choices, { title, timeZone: source.timeZone, urlOf }, signal, onProgress).then(
      (bundle) => !signal.aborted && setSaving({ said: savedText(saveBundle(bundle, page), bundle) }),
      (error: unknown) => setSaving(signal.aborted ? {} : { said: faultText(error), isFault: true }),
    );
  };
  const isSaving = saving.share !== undefined;
  return (
    <>
      <Field label="Title">
        <Input value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
      </Field>
      <BundleChoices collected={collected} facts={facts} choices={choices} onChange={choose} />
      <Field
        label="Words to black out"
        description="One a line, in any case, wherever they stand: texts, names, addresses, configuration. /…/ is a pattern in RE2's syntax. The file says how often, not what."
      >
        <TextArea
          rows={3}
          value={choices.words}
          onChange={(event) => choose({ ...choices, words: event.currentTarget.value })}
        />
      </Field>
      <div role="status" className={saving.isFault ? styles.fault : undefined}>
        {isSaving ? <progress aria-label="Making the file" value={saving.share} /> : saving.said}
      </div>
      <Modal.ButtonRow>
        <Button variant="secondary" onClick={isSaving ? () => abort.current?.abort() : onClose}>
          {isSaving || saving.said === undefined ? 'Cancel' : 'Close'}
        </Button>
        <Button icon="save" disabled={isSaving || choices.rows.size === 0 || choices.columns.size === 0} onClick={save}>
          {`Save ${countText(choices.rows.size, 'rollout')}`}
        </Button>
      </Modal.ButtonRow>
    </>
  );
}

function titleOf({ label }: BundleSource, { rows }: Collected): string {
  const runs = [...new Set(rows.map(({ cells }) => cells.get('run')))].filter((run) => typeof run === 'string');
  return runs.length === 1 ? `${label} · ${runs[0]}` : label;
}

function savedText(
  bytes: number,
  { rows, redaction: { words, media } }: Awaited<ReturnType<typeof makeBundle>>,
): string {
  const found = words.map(({ times }, i) => `${i + 1}: ${times === 0 ? 'not found' : countText(times, 'time')}`);
  return [
    `Saved ${countText(rows.length, 'rollout')}, ${(bytes / 1e6).toFixed(1)} MB.`,
    ...(media > 0 ? [`Without ${mediaCount(media)}.`] : []),
    ...(found.length > 0 ? [`Blacked out, by line of the list: ${found.join(', ')}.`] : []),
  ].join(' ');
}

const getStyles = (theme: GrafanaTheme2) => ({
  modal: css({ width: 'min(820px, calc(100vw - 16px))' }),
  progress: css({ margin: theme.spacing(1, 0), fontVariantNumeric: 'tabular-nums' }),
  fault: css({ color: theme.colors.error.text }),
});
