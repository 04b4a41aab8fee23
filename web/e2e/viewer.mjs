/**
 * A viewer with a real browser, led line by line from another program (tests/web/viewer.py).
 *
 * Each line of standard input is `{"verb": …, …}`, each line of standard output its
 * `{"result": …}` or `{"error": "…"}`; the end of the input ends the browser.
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];
const AXE = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'));

const profile = mkdtempSync(join(tmpdir(), 'viewer-'));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: CHROMIUM,
  args: FLAGS,
  viewport: { width: 1280, height: 800 },
});
const page = browser.pages()[0] ?? (await browser.newPage());

/** That a router is away is no fault of the page. */
const AWAY = /^WebSocket connection to \S+ failed/;

/** What the page or the browser complained of: errors, and what the policy forbade. */
const complaints = [];
page.on('pageerror', (error) => complaints.push(String(error)));
page.on('console', (message) => {
  if (!['error', 'warning'].includes(message.type()) || AWAY.test(message.text())) return;
  complaints.push(message.text());
});

const verbs = {
  anew: async () => {
    await page.goto('about:blank');
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    complaints.length = 0;
  },
  open: async ({ url }) => {
    await page.goto(url);
  },
  canonical: () => page.evaluate(() => globalThis.livetiming.canonical()),
  text: async ({ selector }) => {
    const found = page.locator(selector);
    return (await found.count()) > 0 ? found.first().innerText() : null;
  },
  texts: ({ selector }) => page.locator(selector).allInnerTexts(),
  click: ({ selector }) => page.locator(selector).first().click(),
  /** What an expression is in the page. */
  evaluate: ({ expression }) => page.evaluate(expression),
  size: ({ width, height }) => page.setViewportSize({ width, height }),
  theme: ({ theme }) =>
    page.evaluate((chosen) => {
      document.documentElement.dataset.theme = chosen;
    }, theme),
  /** What a reader wants of motion: `reduce` or `no-preference`. */
  motion: ({ motion }) => page.emulateMedia({ reducedMotion: motion }),
  screenshot: async ({ path }) => {
    await page.screenshot({ path });
  },
  violations: async () => {
    await page.evaluate(readFileSync(AXE, 'utf8'));
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  },
  complaints: () => complaints.splice(0),
};

async function answer(line) {
  try {
    const { verb, ...rest } = JSON.parse(line);
    return { result: (await verbs[verb](rest)) ?? null };
  } catch (error) {
    return { error: String(error) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(line))}\n`);
}
await browser.close();
rmSync(profile, { recursive: true, force: true });
