import { randomInt } from 'node:crypto';
import { v7 as newId } from 'uuid';
import { KEY_PREFIX } from '../../../api/credentials';
import { hashPassword } from '../../../api/passwords';
import { insertApiKey, listApiKeys, revokeApiKey } from '../../../db/api-keys';
import { newSecret, secretHash, type Hasher } from '../../../db/hashing';
import type { Tx } from '../../../db/tenancy';
import { insertUser } from '../../../db/users';
import type { Instant } from '../../../domain/time';
import type { DemoBusiness } from '../demo';
import type { DemoPlan } from './plan';

export type Access = Pick<DemoBusiness, 'api_key' | 'log_ins'>;

/** The keys that the demo made; those that somebody added stay. */
const OURS = ['first key', 'demo'];

/** One for all log-ins of the demo: a hash takes 0.2 s. */
export type Password = { text: string; hash: string };

export async function newPassword(): Promise<Password> {
  const text = `demo-${letters(10)}`;
  return { text, hash: await hashPassword(text) };
}

type Giving = { plan: DemoPlan; password: Password; hash: Hasher; now: Instant };

/** A new owner's key and the new password, since only their hashes are kept: the demo's ones before end. */
export async function giveAccess(tx: Tx, { plan, password, hash, now }: Giving): Promise<Access> {
  for (const { id, name } of await listApiKeys(tx, { limit: 200 })) if (OURS.includes(name)) await revokeApiKey(tx, { id, now });
  const apiKey = newSecret(KEY_PREFIX);
  await insertApiKey(tx, { id: newId(), name: 'demo', keyHash: secretHash(apiKey), permissionLevel: 'owner', now });

  const log_ins = [];
  for (const { email, permissionLevel } of peopleOf(plan)) {
    const emailHash = hash.login(email);
    const changed = await tx('users').where({ emailHash }).update({ passwordHash: password.hash });
    if (changed === 0) await insertUser(tx, { id: newId(), email, emailHash, passwordHash: password.hash, permissionLevel, now });
    log_ins.push({ email, password: password.text, permission_level: permissionLevel });
  }
  return { api_key: apiKey, log_ins };
}

const peopleOf = ({ owner, desk }: DemoPlan) => [
  { email: owner.email, permissionLevel: 'owner' as const },
  { email: desk.email, permissionLevel: 'staff' as const },
];

/** To be read from a screen and typed: no letter that looks like another. */
const letters = (count: number): string => Array.from({ length: count }, () => 'abcdefghjkmnpqrstuvwxyz23456789'[randomInt(31)]).join('');
