/** How a message travels. Voice comes with a later capability. */
export type Channel = 'sms' | 'whatsapp' | 'email';

/** Every way in which a contact can be reached: the channels of messages, and calls. */
export type ContactChannel = Channel | 'voice';

/** What kind of message it is: decides quiet hours, caps and the consent it needs (R20). */
export type MessageClass = 'reply' | 'notice' | 'reminder' | 'review' | 'marketing' | 'call' | 'staff';

export type Purpose = 'service' | 'marketing' | 'ai_voice';
export type Locale = 'en' | 'es';

/** The ledger's states. `unknown`: the vendor could not tell whether it took the message; never guessed, shown to the operator. */
export type MessageStatus = 'planned' | 'held' | 'sending' | 'sent' | 'delivered' | 'failed' | 'skipped' | 'unknown';

/** What a person decided about an `unknown` message: count it as sent, make another attempt, or let it be. */
export type Resolution = 'it_was_sent' | 'send_again' | 'leave_it';

export type ReminderTrigger = '7d' | '3d' | '1d' | '2h';

export type MessageRule =
  | ReminderTrigger
  | 'confirmation'
  | 'change_notice'
  | 'cancellation_notice'
  | 'no_show_followup'
  | 'staff_new_booking'
  | 'staff_change'
  | 'staff_cancellation'
  | 'staff_daily_schedule'
  | 'staff_cancel_question'
  | 'confirm_ack'
  | 'which_visit'
  | 'reschedule_link'
  | 'opt_out_ack'
  | 'opt_in_ack'
  | 'help'
  | 'handoff'
  | 'manual'
  | 'template_test'
  | 'waitlist_offer'
  | 'waitlist_lost'
  | 'waitlist_removed'
  | 'waitlist_decline_ack'
  | 'cadence_never_answered_1'
  | 'cadence_never_answered_2'
  | 'cadence_never_answered_3'
  | 'cadence_no_show_1'
  | 'cadence_no_show_2'
  | 'cadence_winback_1'
  | 'cadence_winback_2'
  | 'cadence_step'
  | 'sign_in_link';

/** Rules whose words are in the catalog: all but what was written by hand, a test, a cadence's step in a template of the business's own, and the log-in. */
export type TemplateRule = Exclude<MessageRule, 'manual' | 'template_test' | 'cadence_step' | 'sign_in_link'>;

/** Why a message was not sent, or waits. R2-R7 for the plan, R23 for the gate; then the vendors', and those of a cadence's step. */
export type Reason =
  | 'past_due'
  | 'too_late'
  | 'overtaken'
  | 'superseded'
  | 'cancelled'
  | 'not_needed'
  | 'rule_off'
  | 'quiet_no_room'
  | 'business_inactive'
  | 'suppressed'
  | 'dnc'
  | 'no_consent'
  | 'no_address'
  | 'channel_unusable'
  | 'no_postal_address'
  | 'quiet_hours'
  | 'velocity_per_min'
  | 'velocity_daily'
  | 'contact_cap'
  | 'international_blocked'
  | 'trial_outbound_disabled'
  | 'registration_pending'
  | 'vendor_down'
  | 'sender_busy'
  | 'whatsapp_window'
  | 'whatsapp_no_template'
  | 'whatsapp_marketing_us'
  | 'vendor_refused'
  | 'cadence_ended'
  | 'no_template';
