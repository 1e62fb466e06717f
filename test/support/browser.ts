import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type BrowserContext, type Page } from 'playwright-core';

const OUTPUT = fileURLToPath(new URL('../output/', import.meta.url));
const ARGUMENTS = ['--no-sandbox', '--headless', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

const DESKTOP = { width: 1280, height: 900 } as const;
const PHONE = { width: 390, height: 844 } as const;

export interface TestBrowser {
  readonly page: Page;
  /** What a user would find in the console: errors, refused resources, thrown exceptions. */
  readonly complaints: readonly string[];
  /** Pictures of the page as it stands, at desktop and phone width, in test/output/; of what is around `selector` where given. @throws Error when the page is wider than the screen */
  photograph(name: string, selector?: string): Promise<void>;
  close(): Promise<void>;
}

/** The Chromium on the PATH, or null where there is none; told on the console. @throws Error under CI, where it must be */
export function findChromium(): string | null {
  try {
    return execFileSync('sh', ['-c', 'command -v chromium || command -v chromium-browser || command -v google-chrome'], { encoding: 'utf8' }).trim();
  } catch {
    if (process.env['CI'] === 'true') throw new Error('no chromium on the PATH: the browser stories must run in CI');
    console.log('browser stories are skipped: no chromium on the PATH');
    return null;
  }
}

/** A headless browser with a new, empty profile. */
export async function openBrowser(executablePath: string, options: { readonly colorScheme?: 'dark' | 'light' } = {}): Promise<TestBrowser> {
  const profile = mkdtempSync(join(tmpdir(), 'ucg-chromium-'));
  const context: BrowserContext = await chromium.launchPersistentContext(profile, {
    executablePath, args: ARGUMENTS, viewport: DESKTOP, locale: 'en-US', timezoneId: 'UTC', colorScheme: options.colorScheme ?? 'light',
  });
  const page = context.pages()[0] ?? (await context.newPage());
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await mkdir(OUTPUT, { recursive: true });
  return {
    page,
    complaints,
    photograph: async (name, selector) => {
      for (const [width, viewport] of [['desktop', DESKTOP], ['phone', PHONE]] as const) {
        await page.setViewportSize(viewport);
        if (selector !== undefined) await page.locator(selector).first().scrollIntoViewIfNeeded();
        await page.waitForTimeout(150);
        const overhang = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (overhang > 0) throw new Error(`${name} at ${width} width is ${String(overhang)} pixels too wide`);
        await page.screenshot({ path: `${OUTPUT}${name}-${width}.png` });
      }
      await page.setViewportSize(DESKTOP);
    },
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
