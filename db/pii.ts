/**
 * What every column holds, as far as people are concerned. Erasing is generated from it; a catalogue test fails for a column that is not here.
 * none: tells nothing about a person by itself. personal: tells who somebody is, or how, where and from where they are reached. text: free words, in which
 * anything may stand. hash: a keyed hash of something personal, good for comparing only. secret: opens a door, or the hash of what does.
 */
export type PiiClass = 'none' | 'personal' | 'text' | 'hash' | 'secret';

type Columns = Partial<Record<PiiClass, string>>;

const columns = (by: Columns): Record<string, PiiClass> =>
  Object.fromEntries(
    (Object.entries(by) as [PiiClass, string][]).flatMap(([kind, names]) => names.split(' ').map((name) => [name, kind] as const)),
  );

export const PII = {
  api_keys: columns({ none: 'business_id id name permission_level created_at last_used_at revoked_at', secret: 'key_hash' }),
  appointment_resources: columns({ none: 'business_id appointment_id resource_id busy live' }),
  appointments: columns({
    none:
      'business_id id location_id contact_id service_id staff_id status previous_status status_changed_at starts_at ends_at buffer_before_min buffer_after_min ' +
      'busy_from busy_to busy live zone hold_expires_at booked_at booked_by schedule_version schedule_changed_at schedule_changed_by previous_starts_at ' +
      'staff_changed_at cancelled_at cancelled_by no_show_at completed_at source external_ref version created_at updated_at',
    text: 'note',
  }),
  attestations: columns({ none: 'business_id id recorded_by created_at', text: 'statement', personal: 'ip user_agent' }),
  audit_logs: columns({ none: 'business_id id actor_kind actor_id action subject_kind subject_id changes request_id at' }),
  businesses: columns({
    none: 'id name slug status zone locale slot_step_min waitlist_batch_size quiet_start_minute quiet_end_minute version created_at updated_at',
    personal: 'phone email postal_address',
  }),
  cadence_states: columns({
    none:
      'business_id id cadence_id contact_id appointment_id status ended_reason ended_at step next_action_at queued_at sent_at last_status noted version ' +
      'created_at updated_at',
  }),
  cadence_steps: columns({ none: 'business_id cadence_id position wait_min template_key channels' }),
  cadences: columns({
    none: 'business_id id key name_en name_es trigger priority enabled active winback_weeks message_class version created_at updated_at',
  }),
  call_reservations: columns({ none: 'business_id id contact_id reserved_at released_at' }),
  carrier_consents: columns({ none: 'business_id id ack_message_id version told_at refused_code created_at' }),
  channel_settings: columns({ none: 'business_id channel vendor sender version updated_at' }),
  closures: columns({ none: 'business_id id location_id starts_at ends_at', text: 'reason' }),
  compliance_settings: columns({
    none: 'business_id outbound_per_min_cap outbound_daily_cap contact_daily_cap international trial_outbound recording_announce retain_transcripts_days updated_at',
  }),
  consents: columns({
    none: 'business_id id contact_id channel purpose granted source method attestation_id recorded_by recorded_at',
    text: 'statement',
    hash: 'address_hash',
    personal: 'ip user_agent',
  }),
  contact_channels: columns({
    none: 'business_id channel suppressed_at suppressed_source unusable_at unusable_code unreachable_count unreachable_since',
    hash: 'address_hash',
  }),
  contact_aliases: columns({ none: 'business_id contact_id kind created_at', hash: 'address_hash' }),
  contact_identities: columns({ none: 'business_id channel contact_id created_at', personal: 'external_id', hash: 'external_hash' }),
  contacts: columns({
    none: 'business_id id locale preferred_channel source merged_into version created_at updated_at',
    personal: 'name phone_e164 email zone postal_code',
    hash: 'phone_hash email_hash',
  }),
  conversations: columns({
    none:
      'business_id id contact_id status assigned_staff_id unread needs_person needs_person_since silenced_at progressed_at last_at version ' +
      'created_at updated_at',
  }),
  daily_runs: columns({ none: 'business_id kind local_date done_at' }),
  dnc_checks: columns({ none: 'business_id listed checked_at', hash: 'number_hash' }),
  dnc_numbers: columns({
    none: 'business_id id source created_by created_at removed_at removed_reason removed_by',
    personal: 'number_e164',
    text: 'reason',
    hash: 'number_hash',
  }),
  doorbells: columns({
    none: 'workflow_id business_id kind version lane changed_at claim claimed_until next_attempt_at attempts last_error traceparent',
  }),
  events_ledger: columns({ none: 'business_id id type subject_id payload at' }),
  freed_slots: columns({
    none: 'business_id id service_id staff_id appointment_id cause starts_at ends_at status closed_at created_at',
  }),
  // The answer is sealed (encrypted): it may hold a contact, or a new API key.
  idempotency_keys: columns({ none: 'business_id key request_hash status created_at', secret: 'answer' }),
  lead_status: columns({
    none: 'business_id contact_id bucket next_action_at bucket_at version created_at updated_at',
    text: 'tag',
  }),
  links: columns({ none: 'business_id id kind appointment_id staff_id offer_id created_at revoked_at', secret: 'token_hash' }),
  location_hours: columns({ none: 'business_id location_id weekday from_minute to_minute' }),
  locations: columns({ none: 'business_id id name address phone zone active version created_at updated_at' }),
  messages: columns({
    none:
      'business_id id direction send_key appointment_id contact_id staff_id user_id rule message_class channel locale template_id status reason schedule_version change ' +
      'due_at send_at deferred_until not_after settled_at attempt looks marked_at sent_at delivered_at failed_at vendor vendor_id vendor_rank vendor_code ' +
      'cost_micros price_source price_due_at past_cost_micros past_estimated_micros past_segments past_sent_at resolution resolved_at ' +
      'segments asks_confirmation from_name fallback_from fallback_reason first_id past_vendor_ids counted_at handled_at media_types media_key_id quarantine ' +
      'quarantine_settled_at cadence_state_id created_at updated_at',
    // Of the decision: the gate's facts name nobody, but the zones say where somebody is.
    personal: 'to_address from_address media_sealed decision',
    text: 'facts subject body html content',
  }),
  operator_requests: columns({ none: 'key request_hash status created_at', secret: 'answer' }),
  // Proofs: they outlive the person, known by a hash.
  opt_outs: columns({
    none: 'business_id id channel scope source evidence recorded_by suppressed_at reopened lifted_at lifted_evidence',
    text: 'statement',
    hash: 'address_hash',
  }),
  phone_numbers: columns({ none: 'business_id id number_e164 registration_pending_until created_at' }),
  platform_audit_logs: columns({
    none: 'id actor_kind actor_id action subject_kind subject_id asked request_id at',
    text: 'reason',
  }),
  prices: columns({ none: 'vendor kind prefix valid_from per price_micros carrier_micros source' }),
  processes: columns({
    none: 'workflow_id business_id kind version planned_version next_at next_what clock_lead_ms planned_at closed_at created_at',
  }),
  rate_limits: columns({ none: 'points expire', hash: 'key' }),
  rejected_webhooks: columns({ none: 'id provider reason body_sha256 byte_length received_at' }),
  reminder_rules: columns({ none: 'business_id rule offset_days offset_hours channels last_useful_min enabled version updated_at' }),
  resources: columns({ none: 'business_id id location_id name kind active version created_at updated_at' }),
  sandbox_clocks: columns({ none: 'business_id offset_ms' }),
  sender_lines: columns({ none: 'sender line busy_until' }),
  senders: columns({
    none: 'business_id id address kind registration registration_since registration_reason version created_at updated_at',
  }),
  service_resources: columns({ none: 'business_id service_id resource_id' }),
  service_staff: columns({ none: 'business_id service_id staff_id' }),
  services: columns({
    none: 'business_id id name duration_min buffer_before_min buffer_after_min price_cents active version created_at updated_at',
  }),
  sessions: columns({ none: 'business_id id user_id device created_at last_used_at expires_at revoked_at', secret: 'token_hash' }),
  sign_in_links: columns({ none: 'business_id message_id user_id created_at expires_at used_at' }),
  staff: columns({
    none: 'business_id id location_id locale permission_level bookable dnd_start_minute dnd_end_minute active version created_at updated_at',
    personal: 'name email phone_e164',
  }),
  staff_hours: columns({ none: 'business_id staff_id weekday from_minute to_minute' }),
  // Wording for everybody: names come in by variables.
  template_versions: columns({ none: 'business_id key version name message_class words saved_by saved_at' }),
  templates: columns({ none: 'business_id key name message_class words version created_at updated_at' }),
  time_off: columns({ none: 'business_id id staff_id starts_at ends_at', text: 'reason' }),
  users: columns({ none: 'business_id id permission_level created_at', personal: 'email', hash: 'email_hash', secret: 'password_hash' }),
  waitlist_entries: columns({
    none:
      'business_id id contact_id service_id staff_id weekdays windows earliest_on latest_on preference status removed_reason ignored_count last_asked_at version ' +
      'created_at updated_at',
  }),
  waitlist_offers: columns({
    none: 'business_id id freed_slot_id entry_id contact_id message_id appointment_id status reason asked_at expires_at closed_at created_at',
  }),
  whatsapp_templates: columns({
    none: 'business_id id vendor rule locale external_id language category status rejected_reason wording variables version created_at updated_at',
  }),
  // The vendor's whole message, encrypted with a key of ours.
  webhook_events: columns({
    none: 'id provider event_id kind key_id status attempts claim next_attempt_at error_code received_at requeued_at processed_at',
    personal: 'payload',
  }),
} satisfies Record<string, Record<string, PiiClass>>;

/** The columns of a table that must go when a person goes. */
export const tellingColumns = (table: keyof typeof PII): string[] =>
  Object.entries(PII[table]).flatMap(([name, kind]) => (kind === 'personal' || kind === 'text' || kind === 'hash' ? [name] : []));
