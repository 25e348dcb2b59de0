import { z } from 'zod';
import { findUser } from '../../db/users';
import { ROLES } from '../caller';
import { route } from '../route';
import { id } from '../wire';

const MeView = z
  .object({
    user: z.object({ id, email: z.string() }).nullable(),
    business_id: id,
    role: z.enum(ROLES),
    gating: z.record(z.string(), z.boolean()),
    onboarding_progress: z.record(z.string(), z.boolean()),
  })
  .meta({ id: 'Me' });

const me = route(
  {
    method: 'get',
    path: '/me',
    tag: 'Access',
    summary: 'Who am I?',
    description: '`user` is null for an API key.',
    role: 'viewer',
    response: MeView,
  },
  async ({ caller, tx }) => {
    const user = caller.kind === 'user' ? await findUser(tx, caller.id) : null;
    return {
      user: user && { id: user.id, email: user.email },
      businessId: caller.businessId,
      role: caller.role,
      gating: {},
      onboardingProgress: {},
    };
  },
);

export const meRoutes = [me];
