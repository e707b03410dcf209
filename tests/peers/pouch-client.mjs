// PouchDB phones, kept in LevelDB; see steps.mjs.

import PouchDB from 'pouchdb';
import fs from 'node:fs';
import { args, recordsOf, say, step, word } from './steps.mjs';

fs.mkdirSync(args.folder, { recursive: true });
const url = `http://${args.address}/rep`;

if (args.role === 'fill') {
  const phones = [];
  for (let n = 0; n < args.phones; n++) {
    const db = new PouchDB(`${args.folder}/${n}`);
    for (const { id, ...record } of recordsOf(n)) await db.put({ _id: id, ...record });
    phones.push(db);
  }
  say({ ready: true });
  await step(async () => {
    await Promise.all(phones.map(db => db.replicate.to(url, { batch_size: 500 })));
  });
} else {
  const phone = new PouchDB(`${args.folder}/fresh`);
  say({ ready: true });
  await step(async () => {
    await phone.replicate.from(url, { batch_size: 1000 });
    return { records: (await phone.info()).doc_count };
  });
  await step(async () => {
    await phone.replicate.from(url);
    await phone.replicate.to(url);
  });
}
await word();
process.exit(0);
