// What comes into the system by upload, and maps that come from elsewhere.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { hand, hands } from './hands.mjs';
import { close, login, open, operator, signIn, soundBoth, texts, url, visitor } from './page.mjs';

before(open);
after(close);

const scratch = process.env.ROUNDS_SCRATCH;
const csv = (text) => ({ name: 'stores.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
const rows = {
  mouse: {
    wrong: csv('code,label,store_type\nS9001,新店,convenience\nS9002,,kiosk\n'),
    right: csv('code,label,store_type\nS9001,新店,convenience\n'),
    at: /3/,
    find: ['S9001', /新店/],
  },
  keys: { wrong: `${scratch}/stores-wrong.xlsx`, right: `${scratch}/stores.xlsx`, at: /4/, find: ['S9102', /星海店/] },
};

for (const [locale, how] of hands) {
  test(`rows are checked before they come in, and what is wrong is told by its row (${locale}, ${how})`, async () => {
    const page = await visitor(locale);
    const by = hand(page, how);
    await signIn(page);
    const { wrong, right, at, find } = rows[how];
    const check = async (file) => {
      await page.goto(`${url}/data`);
      await by.choose(page.locator('[data-test=import] select[name=kind]'), 'store');
      await by.file(page.locator('[data-test=import] input[type=file]'), file);
      await by.type(page.locator('[data-test=import] input[name=key]'), 'code');
      await by.submit(page.locator('[data-test=import-go]'));
    };
    await check(wrong);
    assert.match((await texts(page, 'problems')).join('\n'), at);
    assert.equal(await page.locator('[data-test=go]').count(), 0, 'nothing half right comes in');
    await soundBoth(page, 'rows-wrong');
    await check(right);
    await soundBoth(page, 'rows-right');
    await by.submit(page.locator('[data-test=go]'));
    await page.goto(`${url}/kinds/store?q=${find[0]}`);
    assert.match((await texts(page, 'record')).join(), find[1]);
    assert.deepEqual(page.problems, []);
  });
}

test('a whole pack is uploaded as a zip, looked at and published, with the keyboard alone', async () => {
  const page = await visitor('zh-CN');
  const by = hand(page, 'keys');
  await signIn(page);
  await page.goto(`${url}/templates`);
  const version = () => page.locator('[data-test=pack]', { hasText: 'family-event' }).locator('td').first().innerText();
  const before = Number(await version());
  await by.file(page.locator('[data-test=upload] input[type=file]'), `${scratch}/pack.zip`);
  await by.submit(page.locator('[data-test=upload-go]'));
  assert.ok(await page.locator('[data-test=preview]').count() >= 2, 'each of its kinds');
  await soundBoth(page, 'pack-preview');
  await by.submit(page.locator('[data-test=go]'));
  await page.goto(`${url}/templates`);
  assert.equal(Number(await version()), before + 1);
  assert.deepEqual(page.problems, []);
});

test('a map lies behind the places where the operator names one, and nothing else comes from elsewhere', async () => {
  // A PNG of one pixel stands for every tile.
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
  const asked = [];
  const tiles = createServer((request, answer) => {
    asked.push(request.url);
    answer.writeHead(200, { 'content-type': 'image/png' }).end(png);
  });
  await new Promise((ready) => tiles.listen(0, '127.0.0.1', ready));
  const maps = `http://127.0.0.1:${tiles.address().port}`;
  // A second server, on a copy of the data: it is the operator's setting.
  const data = `${scratch}/with-map`;
  const copy = `${scratch}/copy`;
  operator('backup', copy);
  execFileSync(process.env.ROUNDS_SERVER, ['--data', data, 'restore', copy]);
  const server = spawn(process.env.ROUNDS_SERVER,
    ['--data', data, 'serve', '--listen', '127.0.0.1:0', '--tiles', `${maps}/{z}/{x}/{y}.png`], { stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    const at = await new Promise((found, failed) => {
      let said = '';
      const hear = (part) => {
        said += part;
        const address = /127\.0\.0\.1:(\d+)/.exec(said);
        if (address) found(`http://127.0.0.1:${address[1]}`);
      };
      server.stdout.on('data', hear);
      server.stderr.on('data', hear);
      server.on('exit', () => failed(new Error(said)));
    });
    const page = await visitor('en', 1280, 'light', [at, maps]);
    await page.goto(`${at}/sign-in`);
    await page.fill('#name', login.name);
    await page.fill('#password', login.password);
    await Promise.all([page.waitForEvent('load'), page.press('#password', 'Enter')]);
    const shown = page.locator('[data-test=plot] image');
    await shown.first().waitFor();
    // At once: the board may be renewed meanwhile, and its plot be another.
    await page.evaluate(() => document.querySelector('[data-test=plot]').scrollIntoView());
    for (let looked = 0; looked < 600 && asked.length === 0; looked++) await page.waitForTimeout(50);
    assert.ok(await shown.count() >= 1);
    assert.ok(asked.length >= 1 && asked.every((path) => /^\/\d+\/\d+\/\d+\.png$/.test(path)), asked.join());
    await soundBoth(page, 'map');
    // The policy names that host for pictures, and for nothing else.
    const blocked = await page.evaluate(async (maps) => {
      const refused = [];
      document.addEventListener('securitypolicyviolation', (event) => refused.push(event.effectiveDirective));
      const load = (tag, src) => new Promise((over) => {
        const one = Object.assign(document.createElement(tag), { src, onload: () => over('loaded'), onerror: () => over('refused') });
        document.head.append(one);
      });
      const seen = [await load('img', `${maps}/1/1/1.png`), await load('img', 'http://127.0.0.1:9/1.png'), await load('script', `${maps}/a.js`)];
      // It is told after the answer: it is waited for.
      const told = new Promise((heard) => document.addEventListener('securitypolicyviolation',
        (event) => event.effectiveDirective === 'connect-src' && heard()));
      const fetched = await fetch(`${maps}/1/1/1.png`).then(() => 'loaded', () => 'refused');
      await told;
      return { seen, fetched, refused };
    }, maps);
    assert.deepEqual([...blocked.seen, blocked.fetched], ['loaded', 'refused', 'refused', 'refused']);
    assert.deepEqual(blocked.refused.sort(), ['connect-src', 'img-src', 'script-src-elem']);
    page.problems = page.problems.filter((problem) => !/Content Security Policy|violates|ERR_BLOCKED/.test(problem) && !problem.includes('127.0.0.1:9'));
    assert.deepEqual(page.problems, []);
  } finally {
    server.removeAllListeners('exit');
    server.kill();
    tiles.close();
  }
});
