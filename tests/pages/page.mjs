// A visitor of the console in a real Chromium, and what is asked of every page.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

export const url = process.env.ROUNDS_URL;
export const login = JSON.parse(process.env.ROUNDS_LOGIN);
export const shots = process.env.ROUNDS_SHOTS;
const axe = readFileSync(process.env.ROUNDS_AXE, 'utf8');
let browser;

export async function open() {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update',
    '--disable-sync', '--no-first-run'];
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args, timeout: 120_000 });
}
export const close = () => browser.close();

export async function visitor(locale, width = 1280, colorScheme = 'light', hosts = [url]) {
  const context = await browser.newContext({ locale, colorScheme, viewport: { width, height: 900 }, acceptDownloads: true });
  // Long, because a machine may be busy with more than this.
  context.setDefaultTimeout(90_000);
  const page = await context.newPage();
  page.problems = [];
  page.on('console', (m) => m.type() === 'error' && page.problems.push(m.text()));
  page.on('request', (r) => hosts.some((host) => r.url().startsWith(host)) || page.problems.push(`outside request: ${r.url()}`));
  return page;
}

// Signing in is bounded to a few tries a minute, so that all tests share one session once there is one.
const kept = `${shots}/../session.json`;

export async function signIn(page, password = login.password) {
  if (password === login.password && existsSync(kept)) {
    await page.context().addCookies(JSON.parse(readFileSync(kept)));
    await page.goto(url);
    if (!page.url().includes('sign-in')) return;
  }
  await page.goto(`${url}/sign-in`);
  await page.fill('input[name=name]', login.name);
  await page.fill('input[type=password]', password);
  await Promise.all([page.waitForEvent('load'), page.press('input[type=password]', 'Enter')]);
  if (password === login.password) writeFileSync(kept, JSON.stringify(await page.context().cookies()));
}

/** No serious finding of axe, nothing that sticks out sideways, and a picture. */
export async function sound(page, name) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(wide <= 0, `${name}: ${wide} pixels stick out sideways`);
  // Colours that are still on their way to others are nobody's colours.
  await page.evaluate(() => Promise.allSettled(document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().endTime !== Infinity).map((one) => one.finished)));
  // Through the protocol, because the pages allow no script but their own.
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: axe });
  const { result } = await session.send('Runtime.evaluate', {
    expression: 'axe.run(document, { resultTypes: ["violations"] }).then((r) => JSON.stringify(r.violations))',
    awaitPromise: true,
    returnByValue: true,
  });
  const bad = JSON.parse(result.value).filter((v) => ['serious', 'critical'].includes(v.impact));
  const told = bad.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | ')}`);
  assert.deepEqual(told, [], name);
  await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
}

/** The same wide and narrow, in the language of the visitor: for what a form answered and no address leads to. */
export async function soundBoth(page, name) {
  const lang = await page.getAttribute('html', 'lang');
  const before = page.viewportSize();
  for (const [width, colorScheme] of [[1280, 'light'], [390, 'dark']]) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await sound(page, `${name}-${lang}-${width}-${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(before);
}

export const texts = (page, name) => page.locator(`[data-test=${name}]`).allInnerTexts();

const command = (name, args) => ['--dir', `${process.env.ROUNDS_PHONES}/${name}`, '--json', ...args];
const told = (out) => JSON.parse(out.trim().split('\n').at(-1));
const idOf = (made) => made.id ?? made.record?.id ?? made.doc;

/** A phone of the demo team, without a screen. */
export const phone = (name, ...args) =>
  told(execFileSync(process.env.ROUNDS_DEVICE, command(name, args), { encoding: 'utf8' }));

/** The same, while something else goes on. */
export const phoneBeside = async (name, ...args) =>
  told((await promisify(execFile)(process.env.ROUNDS_DEVICE, command(name, args))).stdout);

/** The same, told line by line what to do. */
export const script = (name, args, lines) =>
  execFileSync(process.env.ROUNDS_DEVICE, command(name, args), { encoding: 'utf8', input: `${lines.join('\n')}\n` })
    .trim().split('\n').map((line) => JSON.parse(line));

/** Makes a record; its id. */
export const create = (name, ...args) => idOf(phone(name, 'new', ...args));

// Where the team is it may be another day than here.
const tomorrow = new Date(Date.now() + 86400000).toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' });

/** A plan for tomorrow that Li Na hands in; its id. */
export function plan(goals) {
  const made = create('li-na', 'day_plan', `date=${tomorrow}`, `goals=${goals}`, 'plan=along the square',
    'prepared=appointments written_plan area papers goods tools mindset');
  phone('li-na', 'act', made, 'submit');
  phone('li-na', 'sync');
  return made;
}

/** The stage of a record as a phone has it after it has synced. */
export function stage(id, name = 'li-na') {
  phone(name, 'sync');
  return phone(name, 'show', id).stage.name;
}

/** A command of the operator, on the server that runs. */
export const operator = (...args) =>
  execFileSync(process.env.ROUNDS_SERVER, ['--data', process.env.ROUNDS_DATA, '--json', ...args], { encoding: 'utf8' });

/** The files of the server's photos and recordings. */
export function blobs(folder = process.env.ROUNDS_DATA) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return blobs(path);
    return /^[0-9a-f]{64}$/.test(name) ? [path] : [];
  });
}
