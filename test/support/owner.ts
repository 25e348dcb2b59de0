import { OPERATOR_KEY, type TestApi } from './api';

/** A business whose owner can log in; answers its id. */
export async function foundOwner(api: TestApi, login: { email: string; password: string }): Promise<string> {
  const { body } = await api.post<{ id: string }>(
    '/businesses',
    { name: 'Owned', owner: { name: 'Olga', ...login } },
    { key: OPERATOR_KEY },
  );
  return body.id;
}
