/** A thing that a service needs. Things of one kind stand in for each other ("any chair"); one without a kind is needed itself. */
export type NeededResource = { id: string; kind: string | null };

/** What a service needs, as groups of which any one will do: chairs 1 and 2 of the kind "chair" are one group, the x-ray room is its own (R10). */
export function resourceGroups(resources: NeededResource[]): string[][] {
  const kinds = new Map<string, string[]>();
  for (const { id, kind } of resources) {
    const group = kind === null ? `id ${id}` : `kind ${kind}`;
    kinds.set(group, [...(kinds.get(group) ?? []), id]);
  }
  return [...kinds.values()];
}
