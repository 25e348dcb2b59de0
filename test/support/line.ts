import { createServer, connect, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A wire between us and the vendors' stand-ins that can be cut: while it is, no connection comes about. */
export type Line = { url: string; cut: () => Promise<void>; mend: () => Promise<void>; close: () => Promise<void> };

export async function aLine(target: string): Promise<Line> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
  };
  const listen = (at: number): Promise<Server> =>
    new Promise((resolve) => {
      const server = createServer((socket) => {
        const onward = connect(Number(port), hostname);
        for (const end of [socket, onward]) keep(end);
        socket.pipe(onward).pipe(socket);
      });
      server.listen(at, '127.0.0.1', () => resolve(server));
    });
  const state: { server: Server | null } = { server: await listen(0) };
  const at = (state.server?.address() as AddressInfo).port;
  const cut = async (): Promise<void> => {
    const { server } = state;
    state.server = null;
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  };
  return {
    url: `http://127.0.0.1:${String(at)}`,
    cut,
    mend: async () => {
      state.server ??= await listen(at);
    },
    close: cut,
  };
}
