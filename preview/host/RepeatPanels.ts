import {
  LocalValueVariable,
  type SceneGridItem,
  type SceneGridLayout,
  SceneGridRow,
  type SceneObject,
  SceneObjectBase,
  type SceneObjectState,
  SceneVariableSet,
  sceneGraph,
  VariableDependencyConfig,
} from '@grafana/scenes';

/** Columns of Grafana's grid. */
const COLUMNS = 24;

interface RepeatState extends SceneObjectState {
  /** The key of the grid item whose place the copies take; it is empty, so that nothing is asked for all values at once. */
  itemKey: string;
  panel: SceneObject;
  variable: string;
  /** Panels side by side. */
  maxPerRow: number;
}

/** A behaviour of the grid: one panel becomes a panel for each value of a variable; what is below moves down. */
export class RepeatPanels extends SceneObjectBase<RepeatState> {
  private original: SceneGridItem | undefined;
  private shown = '';

  protected override _variableDependency = new VariableDependencyConfig(this, {
    variableNames: [this.state.variable],
    onVariableUpdateCompleted: () => this.repeat(),
  });

  public constructor(state: RepeatState) {
    super(state);
    this.addActivationHandler(() => this.repeat());
  }

  private repeat(): void {
    const variable = sceneGraph.lookupVariable(this.state.variable, this);
    const layout = this.parent as SceneGridLayout;
    const container = [layout, ...layout.state.children.filter((child) => child instanceof SceneGridRow)].find((one) =>
      one.state.children.some((child) => this.isMine(child.state.key)),
    );
    if (!variable || !container || sceneGraph.hasVariableDependencyInLoadingState(this)) {
      return;
    }
    const values = [variable.getValue()].flat().map(String);
    if (this.shown === values.join('\n')) {
      return;
    }
    this.shown = values.join('\n');
    const mine = container.state.children.filter((child) => this.isMine(child.state.key));
    this.original ??= mine[0]?.clone() as SceneGridItem;
    const { x: _, y = 0, width = COLUMNS, height = 8 } = this.original.state;
    const perRow = Math.max(1, Math.min(this.state.maxPerRow, values.length));
    const copies = values.map((value, i) => this.copy(value, i, perRow, y, height));
    const before = Math.ceil(mine.length / Math.max(1, Math.floor(COLUMNS / (mine[0]?.state.width ?? width))));
    const moved = (Math.ceil(values.length / perRow) - before) * height;
    const others = container.state.children.filter((child) => !mine.includes(child));
    for (const other of others.filter((one) => (one.state.y ?? 0) > y)) {
      other.setState({ y: (other.state.y ?? 0) + moved });
    }
    const at = container.state.children.findIndex((child) => mine.includes(child));
    container.setState({ children: [...others.slice(0, at), ...copies, ...others.slice(at)] as SceneGridItem[] });
  }

  private copy(value: string, i: number, perRow: number, y: number, height: number): SceneGridItem {
    const width = COLUMNS / perRow;
    const item = this.original?.clone({
      key: `${this.state.itemKey}-${i}`,
      x: (i % perRow) * width,
      y: y + Math.floor(i / perRow) * height,
      width,
      body: this.state.panel.clone(),
      $variables: new SceneVariableSet({
        variables: [new LocalValueVariable({ name: this.state.variable, value, text: value })],
      }),
    });
    return item as SceneGridItem;
  }

  private isMine(key = ''): boolean {
    return key === this.state.itemKey || key.startsWith(`${this.state.itemKey}-`);
  }
}
