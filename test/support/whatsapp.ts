/** An approved template for the 1d reminder. */
export const WHATSAPP_TEMPLATE = {
  ...{ vendor: 'twilio' as const, rule: '1d', locale: 'en' as const, externalId: `HX${'1'.repeat(32)}`, language: 'en' },
  ...{ category: 'utility' as const, status: 'approved' as const, rejectedReason: null, wording: 'See you on {{1}}.' },
  variables: ['when' as const],
};
