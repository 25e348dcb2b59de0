/**
 * The key pair with which the SendGrid stand-in signs its event webhooks. FOR DEVELOPMENT AND TESTS ONLY: it is public by being here, so a
 * production that trusts it trusts everybody. Fixed, so that a fresh clone works without a key ceremony.
 */
export const DEV_SENDGRID_PRIVATE_KEY =
  'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgNbg/kpWzXIl1sT0Q4XfRc24OKoHrvcDYTQqDRmc0p/WhRANCAAR84P6s51XFpvQuJzQnhSRhBDzL9aNpB1KbzVTp0OmFnTesI9QdLG99LuzrYqJpRAe7ueqOnIhliLFXpAK+zbJE';

/** As SENDGRID_PUBLIC_KEY: SPKI in base64, the form in which SendGrid shows it. */
export const DEV_SENDGRID_PUBLIC_KEY =
  'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEfOD+rOdVxab0Lic0J4UkYQQ8y/WjaQdSm81U6dDphZ03rCPUHSxvfS7s62KiaUQHu7nqjpyIZYixV6QCvs2yRA==';
