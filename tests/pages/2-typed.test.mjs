// What was typed is not lost: not by what is done in another row, and not by a server that cannot be reached.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { close, open, operator, plan, signIn, sound, stage, texts, url, visitor } from './page.mjs';

before(open);
after(close);

const offline = (problems) => problems.filter((one) => !/ERR_INTERNET_DISCONNECTED|ERR_FAILED|409/.test(one));

test('notes in other rows stay when one row is settled', async () => {
  const page = await visitor('en');
  await signIn(page);
  await page.goto(`${url}/exceptions`);
  const notes = page.locator('[data-test=exception] input[name=note]');
  assert.ok(await notes.count() >= 2, 'the day has several things to be looked at');
  await notes.nth(0).fill('this one is settled');
  await notes.nth(1).fill('I shall ask her tomorrow');
  // The answer of the server without what it would do: other tests need the row.
  await page.route(/\/(looked|checked)$/, (route) => route.fulfill({ status: 303, headers: { location: '/exceptions' } }));
  await Promise.all([page.waitForEvent('load'), notes.nth(0).locator('xpath=..').locator('button').click()]);
  assert.deepEqual([await notes.nth(0).inputValue(), await notes.nth(1).inputValue()], ['', 'I shall ask her tomorrow']);
  assert.deepEqual(page.problems, []);
});

test('what one person typed is theirs alone in a window that several use', async () => {
  const page = await visitor('en');
  const notes = page.locator('[data-test=exception] input[name=note]');
  const left = () => page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith('rounds typed')).length);
  await page.route(/\/(looked|checked)$/, (route) => route.fulfill({ status: 303, headers: { location: '/work' } }));
  const leave = async () => {
    await signIn(page);
    await page.goto(`${url}/exceptions`);
    await notes.nth(0).fill('this one is settled');
    await notes.nth(1).fill('between the two of us');
    await Promise.all([page.waitForEvent('load'), notes.nth(0).locator('xpath=..').locator('button').click()]);
    assert.equal(await left(), 1);
    // The session ends, and nobody has signed out.
    await page.context().clearCookies();
    await page.goto(`${url}/exceptions`);
    assert.ok(page.url().includes('sign-in'));
  };
  await leave();
  await signIn(page);
  await page.goto(`${url}/exceptions`);
  assert.equal(await notes.nth(1).inputValue(), 'between the two of us', 'their own words are there again');
  await leave();
  const { password } = JSON.parse(operator('password', '--person', 'Rounds'));
  await page.goto(`${url}/sign-in`);
  await page.fill('input[name=name]', 'Rounds');
  await page.fill('input[type=password]', password);
  await Promise.all([page.waitForEvent('load'), page.press('input[type=password]', 'Enter')]);
  await page.goto(`${url}/exceptions`);
  assert.ok(await notes.count() >= 2, 'head office has the same rows');
  assert.ok((await notes.evaluateAll((all) => all.map((one) => one.value))).every((value) => value === ''));
  assert.equal(await left(), 0, 'and nothing of it is left');
  assert.deepEqual(page.problems, []);
});

test('a form that is sent while the server cannot be reached says so and keeps the page', async () => {
  const page = await visitor('en');
  await signIn(page);
  await page.goto(`${url}/exceptions`);
  const note = page.locator('[data-test=exception] input[name=note]').first();
  await note.fill('Asked him');
  await page.context().setOffline(true);
  await note.locator('xpath=..').locator('button').click();
  const said = page.locator('[data-test=unsent-form]');
  await said.waitFor({ state: 'visible' });
  assert.match(await said.innerText(), /Nothing was sent/);
  assert.equal(await note.inputValue(), 'Asked him');
  assert.ok(page.url().startsWith(`${url}/exceptions`));
  // From a form that is far below it is in view too.
  await page.setViewportSize({ width: 1280, height: 260 });
  const far = page.locator('[data-test=exception] input[name=note]').last();
  await far.fill('Asked her');
  await far.scrollIntoViewIfNeeded();
  assert.ok(await page.evaluate(() => scrollY) > 0, 'the top of the page is out of view');
  await far.locator('xpath=..').locator('button').click();
  await page.waitForFunction(() => !document.querySelector('form[aria-busy=true]'));
  const box = await said.boundingBox();
  assert.ok(box.y >= 0 && box.y + box.height <= 260, `it is in view: ${JSON.stringify(box)}`);
  assert.equal(await far.inputValue(), 'Asked her');
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.context().setOffline(false);
  await sound(page, 'unsent-en');
  assert.deepEqual(offline(page.problems), []);
});

test('an act that was pressed without a server can be pressed again, and is stated once', async () => {
  const id = plan('three stores');
  const page = await visitor('en');
  await signIn(page);
  await page.goto(`${url}/records/${id}`);
  await page.context().setOffline(true);
  const approve = page.locator('[data-offer=approve] [data-test=state]');
  await approve.click();
  const said = page.locator('[data-offer=approve] .problem');
  await said.waitFor({ state: 'visible' });
  assert.match(await said.innerText(), /did not answer/);
  await page.context().setOffline(false);
  await Promise.all([page.waitForEvent('load'), approve.click()]);
  assert.match((await texts(page, 'said-now')).join(), /Done: Approve/);
  assert.equal(stage(id), 'approved');
  assert.deepEqual(offline(page.problems), []);
});

test('an act about a record that is not there any more is told as that, and not as a server that is silent', async () => {
  const id = plan('five stores');
  const page = await visitor('en');
  await signIn(page);
  await page.goto(`${url}/records/${id}`);
  const [form, nowhere] = [page.locator('#act-reject'), `/records/${id.replace(/[0-9a-f]{12}$/, '000000000000')}/acts/reject`];
  await page.locator('[data-offer=reject] summary').click();
  await form.locator('textarea').first().fill('Which five?');
  await form.evaluate((one, to) => one.setAttribute('action', to), nowhere);
  await form.locator('[data-test=state]').click();
  const said = form.locator('.problem');
  await said.waitFor({ state: 'visible' });
  assert.match(await said.innerText(), /There is nothing here/);
  assert.equal(await form.locator('textarea').first().inputValue(), 'Which five?');
  // A page of something that stands before the server.
  await page.route(/acts\/reject$/, (route) => route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' }));
  await form.locator('[data-test=state]').click();
  await page.locator('#act-reject .problem', { hasText: '502' }).waitFor();
  assert.match(await said.innerText(), /not one of this server/);
  assert.deepEqual(offline(page.problems).filter((one) => !/404|502/.test(one)), []);
});

test('words of an act that was refused are there again when the page is made anew', async () => {
  const id = plan('four stores');
  const page = await visitor('en');
  await signIn(page);
  await page.goto(`${url}/records/${id}`);
  // In another window the plan is approved: sending it back would undo that unseen.
  const other = await page.context().newPage();
  await other.goto(`${url}/records/${id}`);
  await Promise.all([other.waitForEvent('load'), other.locator('[data-offer=approve] [data-test=state]').click()]);
  await page.locator('[data-offer=reject] summary').click();
  await page.locator('#act-reject textarea').first().fill('Which four?');
  await page.locator('#act-reject [data-test=state]').click();
  const said = page.locator('#act-reject .problem');
  await said.waitFor({ state: 'visible' });
  assert.match(await said.innerText(), /stated “Approve”.*it is “Approved” now/);
  assert.equal(stage(id), 'approved');
  await page.reload();
  assert.equal(await page.locator('#act-reject textarea').first().inputValue(), 'Which four?');
  await Promise.all([page.waitForEvent('load'), page.locator('#act-reject [data-test=state]').click()]);
  assert.equal(stage(id), 'draft');
  assert.deepEqual(offline(page.problems), []);
});

test('stores have a page of who looks after them, and the pages that say no have the ways on', async () => {
  for (const [locale, width] of [['zh-CN', 1280], ['en', 390]]) {
    const page = await visitor(locale, width);
    await signIn(page);
    await page.goto(`${url}/team`);
    await sound(page, `team-${locale}-${width}`);
    await page.locator('[data-test=team-store]').click();
    await page.waitForSelector('[data-test=entrusted]');
    await sound(page, `stores-${locale}-${width}`);
    await page.locator('[data-test=pick]').first().check();
    await Promise.all([page.waitForEvent('load'), page.locator('[data-test=bulk-go]').click()]);
    await page.waitForSelector('[data-test=moving]');
    await sound(page, `stores-given-${locale}-${width}`);
    await page.goto(`${url}/kinds/visit?from=yesterday`);
    await page.waitForSelector('[data-test=nav-work]');
    await sound(page, `misread-${locale}-${width}`);
    assert.deepEqual(page.problems.filter((one) => !one.includes('400')), []);
  }
});
