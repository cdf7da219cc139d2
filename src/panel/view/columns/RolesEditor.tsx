import { css } from '@emotion/css';
import type { StandardEditorProps } from '@grafana/data';
import { Combobox } from '@grafana/ui';
import { ROLES, type Role } from '@rolloscope/contract/names';
import React from 'react';
import { describeColumns, type GivenRoles } from '../../data/describeColumns';
import { rowsMeta } from '../../data/readTable';

const NONE = 'none';
const AUTO = 'auto';

/** A line a column: what it stands for, and what else it could. */
export function RolesEditor({ value = {}, onChange, context }: StandardEditorProps<GivenRoles | undefined>) {
  const guessed = new Map(
    (context.data ?? []).flatMap((frame) =>
      describeColumns(frame, rowsMeta(frame))
        .filter(({ role }) => role !== 'step')
        .map(({ name, role }) => [name, role]),
    ),
  );
  const names = [...new Set([...guessed.keys(), ...Object.keys(value)])];
  const choose = (name: string, chosen: string) => {
    const { [name]: _, ...others } = value;
    const role = chosen === NONE ? null : (chosen as Role);
    onChange(chosen === AUTO ? others : { ...others, [name]: role });
  };
  if (names.length === 0) {
    return <em>The columns of the query show here.</em>;
  }
  return (
    <ul className={list}>
      {names.map((name) => {
        const own = Object.hasOwn(value, name) ? (value[name] ?? NONE) : AUTO;
        const options = [
          { value: AUTO, label: `Automatic (${guessed.get(name) ?? NONE})` },
          { value: NONE, label: 'None' },
          ...ROLES.map((role) => ({ value: role, label: role })),
        ];
        return (
          <li key={name} className={line}>
            <span className={label} title={name}>
              {name}
            </span>
            <Combobox
              aria-label={`Role of ${name}`}
              width="auto"
              minWidth={18}
              options={options}
              value={own}
              onChange={({ value: chosen }: { value: string }) => choose(name, chosen)}
            />
          </li>
        );
      })}
    </ul>
  );
}

const list = css({ listStyle: 'none', margin: 0, padding: 0 });
const line = css({ display: 'flex', alignItems: 'center', justifyContent: 'space-between', gap: 8, marginBottom: 4 });
const label = css({ minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis' });
