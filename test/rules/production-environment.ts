/** A production environment with nothing missing. The secrets are nobody's. */
export const productionEnvironment = (): Record<string, string> => ({
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://database.example:5432/usher',
  DATABASE_ROLE_PASSWORD: 'role-password-of-a-test',
  TEMPORAL_ADDRESS: 'temporal.example:7233',
  PUBLIC_URL: 'https://desk.example',
  APP_SECRET: 'a-secret-of-a-test-with-more-than-32-characters',
  ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
  TWILIO_ACCOUNT_SID: `AC${'1'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'twilio-token-of-a-test',
  TWILIO_FROM_NUMBER: '+12125550199',
  SENDGRID_API_KEY: 'SG.key-of-a-test',
  SENDGRID_FROM_EMAIL: 'desk@desk.example',
  SENDGRID_PUBLIC_KEY: 'public-key-of-a-test',
});
