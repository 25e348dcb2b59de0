import { v7 as newId } from 'uuid';
import type { PermissionLevel } from '../../db/api-keys';
import { hashPassword } from '../../api/passwords';
import { insertUser } from '../../db/users';
import { inBusiness, testHasher } from '../factories';
import type { TestApi } from './api';
import { read, type Fields, type Page } from './visit';

export const PASSWORD = 'a long password for the desk';

/** Somebody's browser without JavaScript: keeps cookies, sends forms with the proof that the pages carry. */
export type Desk = {
  email: string;
  /** Follows no redirect: `location` says where it leads. */
  open: (path: string, headers?: Fields) => Promise<Page>;
  /** Sends a form as the pages do. */
  send: (path: string, fields?: Fields, headers?: Fields) => Promise<Page>;
  /** The page that a form leads to. */
  sendAndSee: (path: string, fields?: Fields) => Promise<Page>;
  cookies: () => string;
};

/** Somebody who can log in to a business. */
export async function aUser(
  api: TestApi,
  businessId: string,
  { email = `${newId()}@salon.example`, role = 'owner' }: { email?: string; role?: PermissionLevel } = {},
) {
  const passwordHash = await hashed;
  const user = { id: newId(), email, emailHash: testHasher.login(email), passwordHash, permissionLevel: role, now: api.now() };
  await inBusiness(api.database.db, businessId, (tx) => insertUser(tx, user));
  return user;
}
const hashed = hashPassword(PASSWORD); // it is slow on purpose: once for all

/** A browser that nobody is logged in with. */
export function aBrowser(api: TestApi, email = ''): Desk {
  const jar = new Map<string, string>();
  const cookies = (): string => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const ask = async (path: string, init: RequestInit): Promise<Page> => {
    const page = await read(api.url + path, { ...init, headers: { cookie: cookies(), ...(init.headers as Fields) } });
    for (const set of page.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    return page;
  };
  const open: Desk['open'] = (path, headers = {}) => ask(path, { headers });
  const send: Desk['send'] = async (path, fields = {}, headers = {}) => {
    const [, proof = ''] = /name="proof" value="([^"]+)"/.exec((await open('/more', { 'HX-Request-Type': 'partial' })).html) ?? [];
    const body = new URLSearchParams({ proof, ...fields });
    return ask(path, { method: 'POST', body, headers: { 'sec-fetch-site': 'same-origin', ...headers } });
  };
  return { email, open, send, cookies, sendAndSee: async (path, fields) => open((await send(path, fields)).location) };
}

/** The browser of somebody who has just logged in. */
export async function aDesk(api: TestApi, businessId: string, about: { email?: string; role?: PermissionLevel } = {}): Promise<Desk> {
  const { email } = await aUser(api, businessId, about);
  const desk = aBrowser(api, email);
  const { location } = await desk.send('/login', { email, password: PASSWORD });
  if (location !== '/') throw new Error(`the log-in led to ${location}`);
  return desk;
}
