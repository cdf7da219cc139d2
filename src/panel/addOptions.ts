import type { DataFrame, PanelOptionsEditorBuilder } from '@grafana/data';
import { LENS_TEXTS } from '@rolloscope/contract/lenses';
import { LENSES } from '@rolloscope/contract/names';
import { describeColumns } from './data/describeColumns';
import { rowsMeta } from './data/readTable';
import { COLOR_BY, type ColorBy, DEFAULT_OPTIONS, type PanelOptions } from './options';
import { RolesEditor } from './view/columns/RolesEditor';

const TABLE = ['Table'];
const ROWS = ['Rows'];
const COLOR = ['Reward color'];
const TICKS = ['Ticked rows'];

const COLOR_LABELS: Record<ColorBy, string> = { row: 'Row tint', cell: 'Cell', edge: 'Edge bar' };

const columnChoices = (frames: DataFrame[]) =>
  [...new Set(frames.flatMap((frame) => describeColumns(frame, rowsMeta(frame)).map(({ name }) => name)))].map(
    (name) => ({ label: name, value: name }),
  );

/** Adds what an editor can choose; every default needs no change. */
export function addOptions(builder: PanelOptionsEditorBuilder<PanelOptions>): void {
  builder
    .addNumberInput({
      path: 'pageSize',
      name: 'Rows per page',
      description: 'Empty: as many as fit the panel.',
      category: TABLE,
      settings: { placeholder: 'Fit the panel', min: 1, integer: true },
    })
    .addSliderInput({
      path: 'lines',
      name: 'Text lines per row',
      category: TABLE,
      defaultValue: DEFAULT_OPTIONS.lines,
      settings: { min: 1, max: 10, step: 1 },
    })
    .addBooleanSwitch({
      path: 'promptsFromStart',
      name: 'Prompts from their start',
      description: 'Off: cells begin with the question, behind the system prompt and earlier turns.',
      category: TABLE,
      defaultValue: DEFAULT_OPTIONS.promptsFromStart,
    })
    .addBooleanSwitch({
      path: 'showToolbar',
      name: 'Search, filter and lenses',
      description: 'The line above the table. What a viewer sets there lives in the address, not in the panel.',
      category: TABLE,
      defaultValue: DEFAULT_OPTIONS.showToolbar,
    })
    .addMultiSelect({
      path: 'columns',
      name: 'Columns',
      description: 'In this order. Empty: step, reward, prompt, response.',
      category: TABLE,
      settings: { options: [], getOptions: async ({ data }) => columnChoices(data) },
    })
    .addBooleanSwitch({
      path: 'distribution',
      name: 'Distribution',
      description: 'Rewards by step, above the table. Viewers open and close it by the button in the head.',
      category: TABLE,
      defaultValue: DEFAULT_OPTIONS.distribution,
    })
    .addBooleanSwitch({
      path: 'inTimeRange',
      name: "Only the dashboard's time range",
      description: 'Rows that were logged within it. Off: all rows of the query.',
      category: TABLE,
      defaultValue: DEFAULT_OPTIONS.inTimeRange,
    })
    .addMultiSelect({
      path: 'pinned',
      name: 'Pinned columns',
      description: 'They stay at the left edge.',
      category: TABLE,
      settings: { options: [], getOptions: async ({ data }) => columnChoices(data) },
    })
    .addSelect({
      path: 'lens',
      name: 'Opens with',
      description: 'Empty: a history with its latest step, anything else in the order of its query.',
      category: ROWS,
      settings: {
        options: LENSES.map((lens) => ({
          value: lens,
          label: LENS_TEXTS[lens].label,
          description: LENS_TEXTS[lens].means,
        })),
        isClearable: true,
      },
    })
    .addCustomEditor({
      id: 'roles',
      path: 'roles',
      name: 'What columns stand for',
      description: 'As logged, or as the name tells. Colors, groups, lenses and the reader go by it.',
      category: ROWS,
      editor: RolesEditor,
    })
    .addBooleanSwitch({
      path: 'remoteMedia',
      name: 'Offer to load images from the web',
      description: 'A button beside the address of an image. Off: an address stays a text, and nothing is asked for.',
      category: ROWS,
      defaultValue: DEFAULT_OPTIONS.remoteMedia,
    })
    .addRadio({
      path: 'colorBy',
      name: 'Show as',
      category: COLOR,
      defaultValue: DEFAULT_OPTIONS.colorBy,
      settings: { options: COLOR_BY.map((value) => ({ value, label: COLOR_LABELS[value] })) },
    })
    .addSelect({
      path: 'colorColumn',
      name: 'Column',
      description:
        'Empty: the reward. Thresholds and color schemes of this panel count; without any, blue is above 0 and orange below.',
      category: COLOR,
      settings: { options: [], isClearable: true, getOptions: async ({ data }) => columnChoices(data) },
    })
    .addBooleanSwitch({
      path: 'showLegend',
      name: 'Legend',
      category: COLOR,
      defaultValue: DEFAULT_OPTIONS.showLegend,
    })
    .addTextInput({
      path: 'tickVariable',
      name: 'Set a variable',
      description: 'Rows get a box to tick; the ticked ones become the values of this dashboard variable.',
      category: TICKS,
      settings: { placeholder: 'run' },
    })
    .addSelect({
      path: 'tickColumn',
      name: 'To the values of',
      category: TICKS,
      showIf: ({ tickVariable }) => Boolean(tickVariable),
      settings: { options: [], isClearable: true, getOptions: async ({ data }) => columnChoices(data) },
    });
}
