// What every program under measurement does alike: its arguments, and one JSON line per step.

import fs from 'node:fs';
import readline from 'node:readline';

const [role, address, folder, phones, records, load, ids, limit] = process.argv.slice(2);

/** `fill` or `fresh`, where the server is, how much to write, and from where. */
export const args = {
  role, address, folder, ids,
  phones: Number(phones), records: Number(records), limit: Number(limit) * 1000,
};

/** The records of one phone, as everybody writes them. */
export function recordsOf(phone) {
  const lines = fs.readFileSync(load, 'utf8').split('\n');
  return lines.slice(phone * args.records, (phone + 1) * args.records).map(line => JSON.parse(line));
}

const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/** Waits for the word to go on; ends when there is none any more. */
export async function word() {
  if ((await lines.next()).done) process.exit(0);
}

export function say(what) {
  console.log(JSON.stringify(what));
}

/** Runs a step on the word and says how long it took. */
export async function step(work) {
  await word();
  const began = performance.now();
  const more = await work();
  say({ seconds: (performance.now() - began) / 1e3, ...more });
}
