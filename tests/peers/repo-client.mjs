// automerge-repo phones, kept in files; see steps.mjs. One document for each record.

import { Repo } from '@automerge/automerge-repo';
import { WebSocketClientAdapter } from '@automerge/automerge-repo-network-websocket';
import { NodeFSStorageAdapter } from '@automerge/automerge-repo-storage-nodefs';
import { once } from 'node:events';
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { args, recordsOf, say, step, word } from './steps.mjs';

const kept = name => new NodeFSStorageAdapter(`${args.folder}/${name}`);
const network = () => new WebSocketClientAdapter(`ws://${args.address}`);
const found = (repo, urls, limit) =>
  Promise.allSettled(urls.map(url => repo.find(url, { signal: AbortSignal.timeout(limit) })));
const all = args.phones * args.records;

if (args.role === 'fill') {
  const phones = [], urls = [];
  for (let n = 0; n < args.phones; n++) {
    const repo = new Repo({ storage: kept(n), sharePolicy: async () => true, peerId: `phone-${n}` });
    for (const record of recordsOf(n)) urls.push(repo.create(record).url);
    await repo.flush();
    phones.push(repo);
  }
  fs.writeFileSync(args.ids, urls.join('\n'));
  say({ ready: true });
  await step(async () => {
    const end = performance.now() + args.limit;
    for (const repo of phones) repo.networkSubsystem.addNetworkAdapter(network());
    for (;;) {
      const records = Number(await (await fetch(`http://${args.address}/`)).text());
      if (records >= all || performance.now() > end) return { records };
      await sleep(100);
    }
  });
} else {
  const urls = fs.readFileSync(args.ids, 'utf8').split('\n');
  const open = async () => {
    const repo = new Repo({ storage: kept('fresh'), network: [network()], peerId: 'fresh' });
    // Its `whenReady` ends after a second even if the server has not answered; then it cannot send.
    await Promise.race([once(repo.networkSubsystem, 'peer'), sleep(args.limit)]);
    return repo;
  };
  let repo = await open();
  say({ ready: true });
  await step(async () => {
    const ends = await found(repo, urls, args.limit);
    return { records: ends.filter(end => end.status === 'fulfilled').length };
  });
  // What did not arrive within the limit cannot be flushed, and makes it throw.
  await repo.flush().catch(() => {});
  await repo.shutdown().catch(() => {});
  await step(async () => {
    repo = await open();
    await found(repo, urls, args.limit);
    // When the last document has been compared, only the network shows.
    return { quiet: true };
  });
}
await word();
process.exit(0);
