import { tenantTable } from './tenant-table';

// A business's own wording. `words` null: the default speaks, or the template of its own was taken away. Every version is kept, for undo and for messages
// that name it.
export const templates = {
  name: '20261127_09_templates',
  sql: `
    create table templates (
      business_id uuid not null references businesses (id),
      key text not null,
      name text,
      message_class text check (message_class in ('notice', 'marketing')),
      words jsonb,
      version int not null,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      primary key (business_id, key),
      check ((key like 'own-%') = (message_class is not null)),
      check ((key like 'own-%') = (name is not null))
    );
    ${tenantTable('templates', 'select, insert, update')}

    create table template_versions (
      business_id uuid not null references businesses (id),
      key text not null,
      version int not null,
      name text,
      message_class text,
      words jsonb,
      saved_by text not null,
      saved_at timestamptz not null,
      primary key (business_id, key, version),
      foreign key (business_id, key) references templates (business_id, key)
    );
    ${tenantTable('template_versions', 'select, insert')}
  `,
};
