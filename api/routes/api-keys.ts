import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { insertApiKey, listApiKeys, revokeApiKey } from '../../db/api-keys';
import { newSecret, secretHash } from '../../db/hashing';
import { isAtLeast, ROLES } from '../caller';
import { KEY_PREFIX } from '../credentials';
import { ApiKeyView, presentApiKey } from '../presenters/api-key';
import { forbidden } from '../problem';
import { route } from '../route';
import { ById, pageOf, pageQueryById, text, toPage } from '../wire';

const tag = 'Access';

const createKey = route(
  {
    method: 'post',
    path: '/api-keys',
    tag,
    summary: 'Make an API key; it is shown once',
    action: 'api_key.created',
    role: 'admin',
    body: z.object({ name: text(80), permission_level: z.enum(ROLES) }),
    status: 201,
    response: ApiKeyView.extend({ key: z.string() }).meta({ id: 'NewApiKey' }),
  },
  async ({ tx, body: { name, permissionLevel }, caller, now }) => {
    // A key may not make one that can do more than itself.
    if (!isAtLeast(caller.role, permissionLevel)) throw forbidden('forbidden', { needs: permissionLevel });
    const key = newSecret(KEY_PREFIX);
    return { ...presentApiKey(await insertApiKey(tx, { id: newId(), name, keyHash: secretHash(key), permissionLevel, now })), key };
  },
);

const list = route(
  {
    method: 'get',
    path: '/api-keys',
    tag,
    summary: 'API keys, newest first, revoked ones too',
    role: 'admin',
    query: z.object(pageQueryById),
    response: pageOf(ApiKeyView),
  },
  async ({ tx, query: { cursor, limit } }) =>
    toPage(await listApiKeys(tx, { ...(cursor !== undefined && { before: cursor }), limit: limit + 1 }), {
      limit,
      present: presentApiKey,
      keyOf: (row) => row.id,
    }),
);

const revokeKey = route(
  {
    method: 'delete',
    path: '/api-keys/:id',
    tag,
    summary: 'Revoke an API key, at once',
    action: 'api_key.revoked',
    role: 'admin',
    params: ById,
    status: 204,
  },
  async ({ tx, params, now }) => {
    await revokeApiKey(tx, { id: params.id, now });
  },
);

export const apiKeyRoutes = [createKey, list, revokeKey];
