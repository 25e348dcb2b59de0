/** Lowest first: who may do something may do all that those before may. */
export const ROLES = ['viewer', 'staff', 'admin', 'owner'] as const;
export type Role = (typeof ROLES)[number];

/** Who asks, once known. `operator` is the platform itself, acting on one business at a time. */
export type Caller = {
  kind: 'api_key' | 'user' | 'operator';
  id: string;
  businessId: string;
  role: Role;
  /** Of the key or session that was shown; null for the operator. */
  tokenHash: string | null;
};

export const isAtLeast = (role: Role, needed: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(needed);
