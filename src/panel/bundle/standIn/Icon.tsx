import React from 'react';

/** Strokes on a ground of 24 by 24. An icon that is not here is a dot. */
const STROKES: Readonly<Record<string, string>> = {
  'angle-down': 'M7 10l5 5 5-5',
  'angle-up': 'M7 14l5-5 5 5',
  'angle-right': 'M10 7l5 5-5 5',
  'angle-left': 'M14 7l-5 5 5 5',
  'arrow-up': 'M12 19V5M6 11l6-6 6 6',
  'arrow-down': 'M12 5v14M6 13l6 6 6-6',
  'arrow-right': 'M5 12h14M13 6l6 6-6 6',
  'arrows-h': 'M3 12h18M7 8l-4 4 4 4M17 8l4 4-4 4',
  'brackets-curly': 'M9 4c-3 0-2 4-2 5s-1 3-3 3c2 0 3 2 3 3s-1 5 2 5M15 4c3 0 2 4 2 5s1 3 3 3c-2 0-3 2-3 3s1 5-2 5',
  check: 'M5 13l4 4L19 7',
  'clock-nine': 'M12 3a9 9 0 100 18 9 9 0 000-18M12 7v5H8',
  cog: 'M12 9a3 3 0 100 6 3 3 0 000-6M12 3v3M12 18v3M3 12h3M18 12h3M6 6l2 2M16 16l2 2M18 6l-2 2M8 16l-2 2',
  'comment-alt': 'M4 5h16v11H9l-4 4v-4H4z',
  copy: 'M9 9h10v11H9zM5 15V4h10',
  'document-info': 'M7 3h7l4 4v14H7zM10 12h5M10 16h5',
  'exclamation-triangle': 'M12 4l9 16H3zM12 10v4M12 17v.5',
  'info-circle': 'M12 3a9 9 0 100 18 9 9 0 000-18M12 11v6M12 7v.5',
  keyboard: 'M3 6h18v12H3zM7 10h.5M11 10h.5M15 10h.5M8 14h8',
  plug: 'M9 3v5M15 3v5M6 8h12v3a6 6 0 01-12 0zM12 17v4',
  search: 'M11 4a7 7 0 100 14 7 7 0 000-14M16 16l5 5',
  times: 'M6 6l12 12M18 6L6 18',
  user: 'M12 4a4 4 0 100 8 4 4 0 000-8M5 20c0-4 3-6 7-6s7 2 7 6',
};
const DOT = 'M12 11a1 1 0 100 2 1 1 0 000-2';
const SIZES: Readonly<Record<string, number>> = { xs: 12, sm: 14, md: 16, lg: 18, xl: 24 };

interface Props {
  name: string;
  size?: string;
  className?: string;
}

/** A picture that says nothing by itself: the text beside it does. */
export function Icon({ name, size = 'md', className }: Props) {
  const pixels = SIZES[size] ?? 16;
  return (
    <svg
      width={pixels}
      height={pixels}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={2}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      className={className}
    >
      <path d={STROKES[name] ?? DOT} />
    </svg>
  );
}
