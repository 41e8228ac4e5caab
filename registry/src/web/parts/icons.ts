import { type Html, html, trusted } from '../html.ts';

const paths = {
  search: '<circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 3.5 3.5"/>',
  shield: '<path d="M8 1.8 13 3.6v4c0 3.2-2.1 5.5-5 6.6-2.9-1.1-5-3.4-5-6.6v-4z"/>',
  check: '<path d="m3.5 8.5 3 3 6-7"/>',
  copy: '<rect x="5.5" y="5.5" width="8" height="8" rx="1.5"/><path d="M3.5 10.5h-1v-8h8v1"/>',
  warning: '<path d="M8 2 14.5 13.5h-13z"/><path d="M8 6.5v3.5M8 11.8v.2"/>',
  close: '<path d="m4 4 8 8m0-8-8 8"/>',
} as const;

/** A picture beside a text that says the same: not read aloud. */
export const icon = (name: keyof typeof paths): Html =>
  html`<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">${trusted(paths[name])}</svg>`;

/** Two ends and the pipe between them. */
export const logo = trusted(
  '<svg class="logo" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false"><rect width="32" height="32" rx="8"/><path d="M9 10v5a5 5 0 0 0 5 5h4a5 5 0 0 1 5 5" transform="translate(0 -2)"/><circle cx="9" cy="8.5" r="3"/><circle cx="23" cy="23.5" r="3"/></svg>',
);
