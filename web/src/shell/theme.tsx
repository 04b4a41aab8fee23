/** Dark or light: dark at first, and what was chosen is kept in this browser. */

import { signal } from '@preact/signals';

type Theme = 'dark' | 'light';

const KEY = 'livetiming.theme';
const theme = signal<Theme>('dark');

/** Takes up what was chosen before. */
export function restoreTheme(): void {
  choose(kept() === 'light' ? 'light' : 'dark');
}

function choose(chosen: Theme): void {
  theme.value = chosen;
  document.documentElement.dataset.theme = chosen;
}

function kept(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // Some browsers forbid keeping anything.
  }
}

function keep(chosen: Theme): void {
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // It is forgotten with the page then.
  }
}

export function ThemeButton() {
  const other: Theme = theme.value === 'dark' ? 'light' : 'dark';
  const turn = () => {
    choose(other);
    keep(other);
  };
  return (
    <button type="button" class="icon-button" title={`Use the ${other} theme`} onClick={turn}>
      <span aria-hidden="true">◐</span>
      <span class="unseen">Use the {other} theme</span>
    </button>
  );
}
