// An automerge-repo sync server over WebSocket, kept in files: repo-server.mjs FOLDER

import { Repo } from '@automerge/automerge-repo';
import { WebSocketServerAdapter } from '@automerge/automerge-repo-network-websocket';
import { NodeFSStorageAdapter } from '@automerge/automerge-repo-storage-nodefs';
import http from 'node:http';
import { WebSocketServer } from 'ws';

const server = http.createServer((_, answer) => {
  // How many documents have arrived: the clients have no way of knowing.
  const arrived = Object.values(repo.handles).filter(h => h.isReady() && h.doc()?.id).length;
  answer.end(String(arrived));
});
// A client that is busy for five seconds would be cut off by the default, and never come back.
const KEEP_ALIVE = 3_600_000;
const repo = new Repo({
  network: [new WebSocketServerAdapter(new WebSocketServer({ server }), KEEP_ALIVE)],
  storage: new NodeFSStorageAdapter(process.argv[2]),
  // It offers nothing by itself, or every phone would be sent every document.
  sharePolicy: async () => false,
  peerId: 'server',
});
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ port: server.address().port, pid: process.pid }));
});
process.stdin.resume().on('end', async () => {
  await repo.flush();
  process.exit(0);
});
