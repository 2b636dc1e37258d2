import { execFile } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

/** A running Chromium, or why there is none: stories say so in their name when they skip. */
export type LaunchedBrowser = { browser: Browser; close(): Promise<void> } | { browser: null; reason: string };

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** No sandbox: tests run as root in containers. The rest keeps the browser from talking to its maker. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  // Containers often have a tiny /dev/shm.
  '--disable-dev-shm-usage',
];

/**
 * Starts Chromium without a window: the one `CHROMIUM_PATH` names, an installed one, or the one inside the npm package
 * @sparticuz/chromium. All its files are in a folder of its own that `close` removes.
 */
export async function launchBrowser(): Promise<LaunchedBrowser> {
  const folder = mkdtempSync(join(tmpdir(), 'customercare-browser-'));
  const dispose = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  try {
    const { executablePath, env } = installed() ?? (await packaged(folder));
    const browser = await chromium.launch({
      executablePath,
      args: FLAGS,
      env: { ...process.env, ...env, TMPDIR: folder, HOME: folder },
    });
    const close = async (): Promise<void> => {
      await browser.close();
      dispose();
    };
    return { browser, close };
  } catch (error) {
    dispose();
    // Playwright's message goes on with a box of advice.
    return { browser: null, reason: String(error).split('\n')[0] ?? 'unknown' };
  }
}

interface Program {
  executablePath: string;
  env: Record<string, string>;
}

/**
 * A suite of stories in a real browser. Where none can be had the suite is skipped and its name says why; a browser that
 * is there but does not start fails the suite.
 */
export function describeInBrowser(name: string, stories: (browser: () => Browser) => void): void {
  const reason = whyNoBrowser();
  if (reason) {
    describe.skip(`${name} (skipped: ${reason})`, () => {
      it('needs a browser', () => undefined);
    });
    return;
  }
  describe(name, () => {
    let launched: LaunchedBrowser | undefined;
    beforeAll(async () => {
      launched = await launchBrowser();
      if (!launched.browser) throw new Error(launched.reason);
    }, 120_000);
    afterAll(async () => {
      if (launched?.browser) await launched.close();
    });
    stories(() => {
      if (!launched?.browser) throw new Error('the browser runs only while stories do');
      return launched.browser;
    });
  });
}

function whyNoBrowser(): string | null {
  if (installed()) return null;
  // The packaged program is built for this platform alone.
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'no Chromium installed and none packaged for it';
  try {
    require.resolve('@sparticuz/chromium');
    return null;
  } catch {
    return 'no Chromium installed; set CHROMIUM_PATH';
  }
}

function installed(): Program | undefined {
  const executablePath = [process.env['CHROMIUM_PATH'] ?? '', ...INSTALLED].find((path) => isExecutable(path));
  return executablePath === undefined ? undefined : { executablePath, env: {} };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return path !== '';
  } catch {
    return false;
  }
}

/** Unpacks Chromium, its fonts and the shared libraries a bare machine lacks, and prints where the program is. */
const UNPACK = `
  import chromium from '@sparticuz/chromium';
  process.stdout.write(await chromium.executablePath());
`;

/**
 * The Chromium of the npm package, unpacked (about 170 MB) into the folder. It happens in a process of its own: the
 * package looks at the environment when it is imported, unpacks to the temporary folder, and brings its libraries only
 * where it believes to be in a Lambda function.
 */
async function packaged(folder: string): Promise<Program> {
  const unpackEnv = { ...process.env, TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' };
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', UNPACK], {
    cwd: __dirname,
    env: unpackEnv,
  });
  const libraries = [join(folder, 'al2023', 'lib'), process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':');
  // The packaged configuration names folders of a Lambda function, and without a font no text is painted.
  const fonts = join(folder, 'fonts');
  writeFileSync(
    join(fonts, 'fonts.conf'),
    fontsConf([join(fonts, 'fonts'), '/usr/share/fonts'], join(folder, 'cache')),
  );
  return { executablePath: stdout, env: { LD_LIBRARY_PATH: libraries, FONTCONFIG_PATH: fonts } };
}

function fontsConf(folders: string[], cache: string): string {
  const tags = [...folders.map((folder) => `<dir>${folder}</dir>`), `<cachedir>${cache}</cachedir>`];
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${tags.join('')}</fontconfig>`;
}
