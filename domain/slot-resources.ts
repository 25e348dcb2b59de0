/**
 * One free resource for each group, in the groups' order and no resource twice; null when they cannot all be served.
 * The first free one of a group is preferred. Groups may share resources (two chairs out of three): an earlier choice moves aside only
 * when that alone serves a later group.
 */
export function assignResources(groups: string[][], isFree: (id: string) => boolean): string[] | null {
  const taken = new Map<string, number>(); // resource id -> index of its group
  const serve = (group: number, tried: Set<string>): boolean => {
    const free = (groups[group] ?? []).filter((id) => !tried.has(id) && isFree(id));
    const id = free.find((one) => !taken.has(one)) ?? free.find((one) => movesAside(one, tried));
    if (id !== undefined) taken.set(id, group);
    return id !== undefined;
  };
  const movesAside = (id: string, tried: Set<string>): boolean => {
    if (tried.has(id)) return false; // a group further down the chain has asked it already
    tried.add(id);
    return serve(taken.get(id) ?? -1, tried);
  };
  if (!groups.every((_, group) => serve(group, new Set()))) return null;
  return [...taken].sort(([, a], [, b]) => a - b).map(([id]) => id);
}
