import { useStyles2 } from '@grafana/ui';
import React, { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { acceptSuggestion } from '../code/acceptSuggestion';
import type { CodeError } from '../code/CodeError';
import type { CursorPlace } from '../code/offersAt';
import { fitting, type Suggestion } from '../code/suggest';
import { CodeText } from './CodeText';
import { codeStyles } from './codeStyles';
import { Suggestions } from './Suggestions';

interface Props {
  text: string;
  error: CodeError | undefined;
  onText(text: string): void;
  /** Nothing was typed for a moment. */
  onPause(text: string): void;
  /** The field was left, or with `isAsked` someone wants it run. */
  onFinish(isAsked: boolean): void;
  placeAt(text: string, cursor: number): CursorPlace;
  suggest(place: CursorPlace): Promise<Suggestion[]>;
}

interface Open {
  place: CursorPlace;
  list: Suggestion[];
  active: number;
}

const PAUSE_MS = 600;

/** A text field with completion and an error that is underlined: plain elements, so it works wherever Grafana does. */
export function CodeInput({ text, error, onText, onPause, onFinish, placeAt, suggest }: Props) {
  const styles = useStyles2(codeStyles);
  const id = useId();
  const input = useRef<HTMLTextAreaElement>(null);
  const [open, setOpen] = useState<Open>();
  const asked = useRef(0);
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);
  const isOpen = useRef(false);
  isOpen.current = open !== undefined;
  useEffect(() => () => clearTimeout(pause.current), []);

  const close = () => {
    asked.current++;
    setOpen(undefined);
  };
  const complete = async (code: string, cursor: number) => {
    const ask = ++asked.current;
    const place = placeAt(code, cursor);
    const list = await suggest(place);
    if (ask === asked.current && document.activeElement === input.current) {
      setOpen(list.length > 0 ? { place, list, active: 0 } : undefined);
    }
  };
  const type = (code: string, cursor: number) => {
    onText(code);
    // What is offered narrows at once, and stands where the text now is, before the store has answered.
    const place = placeAt(code, cursor);
    const list = open && open.place.from === place.from ? fitting(open.list, place.typed) : [];
    setOpen(list.length > 0 ? { place, list, active: 0 } : undefined);
    void complete(code, cursor);
    clearTimeout(pause.current);
    // While a word is offered it is not finished, and no error yet.
    pause.current = setTimeout(() => !isOpen.current && onPause(code), PAUSE_MS);
  };
  const accept = (suggestion: Suggestion) => {
    const element = input.current;
    if (!open || !element) {
      return;
    }
    const next = acceptSuggestion(text, open.place, suggestion);
    const from = open.place.from;
    const inserted = next.text.slice(from, next.text.length - (text.length - open.place.to));
    element.focus();
    element.setSelectionRange(from, open.place.to);
    // It is inserted as if typed, so that the browser's undo takes it back; elsewhere the text is simply set.
    if (!document.execCommand('insertText', false, inserted)) {
      onText(next.text);
    }
    element.setSelectionRange(next.cursor, next.cursor);
    close();
    if (next.cursor < from + inserted.length) {
      void complete(next.text, next.cursor);
    }
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const cursor = event.currentTarget.selectionStart;
    const key = event.key;
    if (key === 'Enter' && (event.shiftKey || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      close();
      onFinish(true);
    } else if (')]"'.includes(key) && text[cursor] === key && cursor === event.currentTarget.selectionEnd) {
      // It is there already, put by a completion: one passes over it.
      event.preventDefault();
      event.currentTarget.setSelectionRange(cursor + 1, cursor + 1);
      close();
    } else if (key === ' ' && event.ctrlKey) {
      event.preventDefault();
      void complete(text, cursor);
    } else if (open && (key === 'ArrowDown' || key === 'ArrowUp')) {
      event.preventDefault();
      const count = open.list.length;
      setOpen({ ...open, active: (open.active + (key === 'ArrowDown' ? 1 : count - 1)) % count });
    } else if (open && (key === 'Enter' || key === 'Tab')) {
      const chosen = open.list[open.active];
      if (chosen) {
        event.preventDefault();
        accept(chosen);
      }
    } else if (open && key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (key === 'ArrowLeft' || key === 'ArrowRight' || key === 'Home' || key === 'End') {
      close();
    }
  };
  return (
    <div className={styles.frame}>
      <div className={styles.field}>
        <CodeText text={text} error={error} cursor={open?.place.from} marker={`${id}-at`} />
        <textarea
          ref={input}
          className={styles.input}
          aria-label="Query as code"
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls={`${id}-list`}
          aria-invalid={error !== undefined}
          aria-describedby={`${id}-about`}
          {...(open && { 'aria-activedescendant': `${id}-list-${open.active}` })}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          rows={1}
          value={text}
          onChange={(event) => type(event.currentTarget.value, event.currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
          onClick={close}
          onBlur={() => {
            close();
            onFinish(false);
          }}
        />
      </div>
      <div id={`${id}-about`} className={styles.about} role="status">
        {error ? (
          <span className={styles.error}>{`${whereOf(text, error)}: ${error.message}`}</span>
        ) : (
          <span>Ctrl+Space completes, Shift+Enter runs</span>
        )}
      </div>
      {open && (
        <Suggestions
          id={`${id}-list`}
          list={open.list}
          active={open.active}
          at={() => document.getElementById(`${id}-at`)?.getBoundingClientRect()}
          onChoose={accept}
        />
      )}
    </div>
  );
}

/** `Column 14`, or with several lines `Line 2, column 5`. */
function whereOf(text: string, { from }: CodeError): string {
  const before = text.slice(0, from).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  return text.includes('\n') ? `Line ${before.length}, column ${column}` : `Column ${column}`;
}
