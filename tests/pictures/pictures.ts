import type { Locator, Page } from 'playwright-core';
import { fromGrafana } from './grafanaPictures';
import { fromPreview } from './previewPictures';
import type { Stage } from './stage';

export interface Picture {
  /** Of the file in `docs/img`, without its ending. */
  name: string;
  /** A real Grafana's are only retaken where one is named. */
  of: 'preview' | 'grafana';
  /** Of the window, in pixels. */
  width: number;
  height: number;
  theme?: 'light';
  /** Brings the page to what is shown; gives the parts that the picture is cut out around, none for the whole window. */
  show(page: Page, stage: Stage): Promise<Locator[]>;
}

/** Every picture of the README and of `docs/`. */
export const PICTURES: readonly Picture[] = [...fromGrafana, ...fromPreview];
