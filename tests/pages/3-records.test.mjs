// Records in depth: recordings, doubts, two versions, applications that come back; with phones that work beside it.
import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { hand, hands, press } from './hands.mjs';
import {
  blobs, close, create, open, phone, phoneBeside, script, signIn, sound, soundBoth, texts, url, visitor,
} from './page.mjs';

before(open);
after(close);

const search = (words) => phone('li-na', 'search', words).rows[0].id;
const submit = (page, what) => Promise.all([page.waitForEvent('load'), what.click()]);

/** Thirty seconds of a tone, as a recorder would give it. */
function film() {
  const [rate, seconds] = [8000, 30];
  const wav = Buffer.alloc(44 + rate * seconds);
  wav.write('RIFF', 0); wav.writeUInt32LE(36 + rate * seconds, 4); wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16); wav.writeUInt16LE(1, 20); wav.writeUInt16LE(1, 22); wav.writeUInt32LE(rate, 24);
  wav.writeUInt32LE(rate, 28); wav.writeUInt16LE(1, 32); wav.writeUInt16LE(8, 34);
  wav.write('data', 36); wav.writeUInt32LE(rate * seconds, 40);
  for (let i = 0; i < rate * seconds; i += 1) wav[44 + i] = 128 + Math.round(40 * Math.sin(i / 3));
  const path = `${process.env.ROUNDS_SCRATCH}/film.wav`;
  writeFileSync(path, wav);
  return path;
}

test('a recording stands along its time with its steps, is heard from a step on, and says which link was changed', async () => {
  const day = phone('li-na', 'today').day;
  const sale = create('li-na', 'sale_recording', 'product=hu_shen_fu', 'mode=audio', `date=${day}`, 'place=大连',
    'seller=李娜', 'licence=21020001', 'holder=王强', 'insured=王小强', 'relation=父亲', 'yearly=5000', 'years=20');
  const tape = `film ${film()}`;
  const said = script('li-na', ['record', sale, 'recording'],
    ['begin', tape, 'mark', 'pause', 'resume', tape, 'answer 是', 'mark', 'answer 是', 'mark', 'finish']);
  assert.ok(said.every((line) => !line.error), JSON.stringify(said));
  phone('li-na', 'act', sale, 'finish');
  phone('li-na', 'sync');
  const page = await visitor('en');
  await signIn(page);
  await page.goto(`${url}/records/${sale}`);
  await submit(page, page.locator('[data-test=evidence]'));
  assert.equal(await page.locator('[data-test=whole]').count(), 1, (await texts(page, 'not-whole')).join());
  assert.deepEqual(await Promise.all(['stretch', 'gap', 'mark', 'player'].map((what) =>
    page.locator(`[data-test=${what}]`).count())), [2, 1, 3, 2]);
  // The keyboard reaches a step, and it is heard from there.
  const mark = page.locator('[data-test=mark]').nth(1);
  assert.match(await mark.getAttribute('aria-label'), /^Step 2, done \d\d:\d\d:\d\d$/);
  await press(page, mark);
  const second = page.locator('[data-test=player][data-segment="2"]');
  await page.waitForFunction((player) => player.readyState > 0 && !player.paused, await second.elementHandle());
  assert.equal(await second.evaluate((player) => Math.round(player.duration)), 30);
  assert.match(page.url(), /#link-1-\d+$/);
  const part = await page.request.get(url + await second.getAttribute('src'), { headers: { range: 'bytes=4-11' } });
  assert.deepEqual([part.status(), part.headers()['content-type'], (await part.body()).length], [206, 'audio/wav', 8]);
  // What only its size is looked at for, until somebody asks for every byte.
  const tapeFile = blobs().find((path) => statSync(path).size === statSync(film()).size);
  const heard = readFileSync(tapeFile);
  const spoilt = Buffer.from(heard);
  spoilt[1000] ^= 1;
  for (const [locale, how] of hands) {
    const other = await visitor(locale);
    const by = hand(other, how);
    await signIn(other);
    const read = async () => {
      await other.goto(`${url}/records/${sale}/evidence`);
      assert.equal(await other.locator('[data-test=whole]').count(), 1);
      await by.submit(other.locator('[data-test=read-media]'));
      assert.equal(await other.locator('[data-test=read-media]').count(), 0);
      return other.locator('[data-test=whole]').count();
    };
    assert.equal(await read(), 1);
    writeFileSync(tapeFile, spoilt);
    assert.equal(await read(), 0, 'one bit of the sound is another');
    writeFileSync(tapeFile, heard);
    await other.goto(`${url}/records/${sale}/evidence`);
    await soundBoth(other, 'evidence');
    await other.context().close();
  }
  // One letter of an answer is changed where the chain is kept.
  const chain = blobs().find((path) => readFileSync(path, 'utf8').includes(`record ${sale}`));
  const good = readFileSync(chain);
  const bad = Buffer.from(good);
  bad[good.indexOf('said ') + 6] ^= 1;
  writeFileSync(chain, bad);
  await page.reload();
  assert.equal(await page.locator('[data-test=not-whole]').count(), 1);
  assert.ok(await page.locator('[data-test=bad]').count() >= 1, 'marked on the time line');
  assert.match((await texts(page, 'finding')).join(), /\[said\]: was changed/);
  await sound(page, 'evidence-changed-en');
  writeFileSync(chain, good);
  assert.deepEqual(page.problems, []);
});

for (const [locale, how] of hands) {
  test(`what looks wrong is looked at, leaves the list, and stays known at its record and in the log (${locale}, ${how})`, async () => {
    const page = await visitor(locale);
    const by = hand(page, how);
    await signIn(page);
    await page.goto(`${url}/exceptions?sort=doubt`);
    const rows = page.locator('[data-test=exception][data-sort=doubt]');
    const before = await rows.count();
    assert.ok(before >= 1, 'the day has visits that were too short');
    const record = await rows.first().locator('h3 a').getAttribute('href');
    await by.type(rows.first().locator('input[name=note]'), `Asked, ${how}: the shop was closing`);
    await by.submit(rows.first().locator('[data-test=look]'));
    assert.equal(await page.locator('[data-test=said-now]').count(), 1);
    assert.equal(await rows.count(), before - 1);
    await page.goto(url + record);
    const looked = (await texts(page, 'looked')).join();
    assert.match(looked, new RegExp(`王芳.* \\d\\d:\\d\\d.*Asked, ${how}: the shop was closing`));
    await page.goto(`${url}/team/log`);
    assert.match((await texts(page, 'noted')).join('\n'), new RegExp(`Asked, ${how}: the shop was closing`));
    assert.deepEqual(page.problems, []);
  });

  test(`two versions of an answer are chosen between among the exceptions, and both phones learn it (${locale}, ${how})`, async () => {
    const store = search('西安路');
    const wanted = { mouse: '0411-22220000', keys: '0411-44440000' }[how];
    for (const name of ['li-na', 'zhang-wei']) phone(name, 'sync');
    phone('li-na', 'answer', store, `phone=${{ mouse: '0411-11110000', keys: '0411-33330000' }[how]}`);
    phone('zhang-wei', 'answer', store, `phone=${wanted}`);
    for (const name of ['li-na', 'zhang-wei']) phone(name, 'sync');
    const page = await visitor(locale);
    const by = hand(page, how);
    await signIn(page);
    await page.goto(`${url}/exceptions?sort=conflict`);
    const versions = page.locator('[data-test=exception] [data-test=version]');
    assert.equal(await versions.count(), 2);
    await soundBoth(page, 'two-versions');
    await by.submit(versions.filter({ hasText: wanted }).locator('[data-test=choose]'));
    await page.waitForSelector('[data-test=no-exceptions]');
    for (const name of ['li-na', 'zhang-wei']) {
      phone(name, 'sync');
      const shown = phone(name, 'show', store);
      assert.match(shown.questions.find((q) => q.key === 'phone').value, new RegExp(wanted), name);
      assert.deepEqual(phone(name, 'conflicts'), [], name);
    }
    assert.deepEqual(page.problems, []);
  });
}

test('what is new never takes the page from under hands: note and focus stay, and a button shows it', async () => {
  const store = search('青泥洼桥');
  for (const name of ['li-na', 'zhang-wei']) phone(name, 'sync');
  const page = await visitor('en');
  await signIn(page);
  await page.goto(`${url}/exceptions`);
  const waits = () => page.waitForFunction(() => document.documentElement.dataset.waits === 'true');
  const blocked = page.locator('[data-test=exception][data-sort=blocked]').first();
  const note = blocked.locator('input[name=note]');
  await note.fill('I called him');
  await page.keyboard.press('Tab');
  const onButton = () => page.evaluate(() => Boolean(document.activeElement?.matches('[data-sort=blocked] [data-test=look]')));
  assert.ok(await onButton());
  phone('li-na', 'answer', store, 'phone=0411-33330000');
  phone('zhang-wei', 'answer', store, 'phone=0411-44440000');
  for (const name of ['li-na', 'zhang-wei']) phone(name, 'sync');
  await page.waitForFunction(() => /^1 new/.test(document.querySelector('[data-test=news]:not([hidden])')?.textContent ?? ''));
  await waits();
  assert.deepEqual([await note.inputValue(), await onButton()], ['I called him', true]);
  assert.equal(await page.locator('[data-test=exception][data-sort=conflict]').count(), 0, 'nothing has moved');
  await sound(page, 'exceptions-news-en');
  // Whoever wants to see it now does not lose what was typed.
  await page.locator('[data-test=news]').focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-test=exception][data-sort=conflict]');
  assert.equal(await note.inputValue(), 'I called him');
  await note.focus();
  await page.keyboard.press('Tab');
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
  assert.match((await texts(page, 'said-now')).join(), /Noted/);
  assert.equal(await blocked.count(), 0, 'it was looked at');
  // The record beside the list: what can be done about it is there.
  const conflict = page.locator('[data-test=exception][data-sort=conflict]');
  await conflict.locator('h3 a').click();
  await page.waitForSelector('[data-test=panel] [data-test=answers]');
  await sound(page, 'exceptions-beside-en');
  await submit(page, page.locator('[data-test=panel] [data-test=version]', { hasText: '0411-44440000' }).locator('[data-test=choose]'));
  await page.goto(`${url}/team/log`);
  assert.match((await texts(page, 'noted')).join(), /I called him/);
  assert.deepEqual(page.problems, []);
});

test('an application goes back with a comment, and comes again with what was changed', async () => {
  const application = create('li-na', 'application', `policy=${search('P20000000123')}`, 'item=contact_change', 'note=换号');
  phone('li-na', 'act', application, 'submit');
  phone('li-na', 'sync');
  const page = await visitor('en');
  await signIn(page);
  await page.goto(`${url}/kinds/application?stage=submitted&open=${application}`);
  await page.locator('[data-offer=return] summary').click();
  await page.locator('[data-key=note] .comment summary').click();
  await page.locator('[data-key=note] textarea').fill('Which number?');
  await page.locator('#act-return textarea').first().fill('Say the new number');
  await sound(page, 'application-return-en');
  await submit(page, page.locator('#act-return [data-test=state]'));
  phone('li-na', 'sync');
  const back = phone('li-na', 'show', application);
  assert.equal(back.stage.name, 'returned', 'it stays open, so that nobody else applies meanwhile (O.14)');
  assert.equal(back.questions.find((q) => q.key === 'note').comment, 'Which number?');
  phone('li-na', 'answer', application, 'note=0411-8263');
  phone('li-na', 'act', application, 'submit');
  phone('li-na', 'sync');
  await page.goto(`${url}/records/${application}`);
  assert.match((await texts(page, 'changed')).join('\n'), /换号[\s\S]*0411-8263/, 'what was changed since it went back');
  await sound(page, 'application-again-en');
  await page.locator('[data-offer=return]').waitFor();
  assert.deepEqual(page.problems, []);
});

test('the console is used while phones sync in the background, and nothing is lost or late', async () => {
  const plans = { 'li-na': [], 'zhang-wei': [] };
  const day = new Date(Date.now() + 3 * 86400000).toISOString().slice(0, 10);
  let working = true;
  const reps = Promise.all(Object.keys(plans).map(async (name) => {
    for (let n = 0; n < 4; n += 1) {
      const made = await phoneBeside(name, 'new', 'day_plan', `date=${day}`, `goals=${name} ${n}`, 'plan=by the sea',
        'prepared=appointments written_plan area papers goods tools mindset');
      const id = made.id ?? made.record?.id ?? made.doc;
      plans[name].push(id);
      await phoneBeside(name, 'act', id, 'submit');
      await phoneBeside(name, 'sync');
    }
  })).finally(() => { working = false; });
  const page = await visitor('en');
  page.on('response', (answer) => answer.status() >= 500 && page.problems.push(`${answer.status()} ${answer.url()}`));
  await signIn(page);
  const approved = new Set();
  const approve = async () => {
    await page.goto(`${url}/kinds/day_plan?stage=submitted&q=sea`);
    const first = page.locator('[data-test=record]').first();
    if (!await first.count()) return false;
    const id = await first.getAttribute('data-doc');
    await page.goto(`${url}/records/${id}`);
    await submit(page, page.locator('[data-offer=approve] [data-test=state]'));
    approved.add(id);
    return true;
  };
  while (working) {
    for (const path of ['/', '/work', '/exceptions']) assert.equal((await page.goto(url + path)).status(), 200);
    await approve();
  }
  await reps;
  while (await approve()) { /* what came last */ }
  assert.equal(approved.size, 8);
  for (const [name, ids] of Object.entries(plans)) {
    phone(name, 'sync');
    for (const id of ids) assert.equal(phone(name, 'show', id).stage.name, 'approved', `${name} ${id}`);
  }
  assert.deepEqual(page.problems, []);
});

test('the first load is small, and only what is safe to compress is compressed', async () => {
  const page = await visitor('en');
  await signIn(page);
  const cookies = await page.context().cookies();
  const fresh = await visitor('en');
  await fresh.context().addCookies(cookies);
  await fresh.goto(url, { waitUntil: 'load' });
  const loads = await fresh.evaluate(() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .map((e) => ({ name: new URL(e.name).pathname, sent: e.transferSize, packed: e.encodedBodySize, plain: e.decodedBodySize })));
  const sum = loads.reduce((all, load) => all + load.sent, 0);
  console.log(`# first load: ${sum} bytes in ${loads.length} answers`);
  assert.ok(loads.length >= 3 && sum > 5_000 && sum <= 150 * 1024, JSON.stringify(loads));
  for (const path of ['/', '/assets/console.css', '/assets/console.js']) {
    const load = loads.find((one) => one.name === path);
    assert.ok(load.packed < load.plain * 0.6, `${path} is packed`);
  }
  // What another site has a browser ask for is not packed: its length says nothing (BREACH).
  const cookie = cookies.map((c) => `${c.name}=${c.value}`).join('; ');
  for (const [site, packed] of [['same-origin', 'gzip'], ['none', 'gzip'], ['cross-site', null], ['same-site', null], [null, null]]) {
    const headers = { cookie, 'accept-encoding': 'gzip', ...(site ? { 'sec-fetch-site': site } : {}) };
    const answer = await fresh.request.fetch(`${url}/kinds/store`, { headers });
    assert.equal(answer.headers()['content-encoding'] ?? null, packed, site);
  }
  assert.deepEqual(page.problems, []);
});
