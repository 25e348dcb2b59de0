import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bookingCurl, table, type Demo } from '../../scripts/lib/demo';

const aDemo = (more: Partial<Demo> = {}): Demo => ({
  api: 'http://127.0.0.1:3000/api/v1',
  console: 'http://127.0.0.1:3000/',
  docs: 'http://127.0.0.1:3000/docs',
  handset: 'http://127.0.0.1:3002/',
  sandbox: 'http://127.0.0.1:3002',
  temporal_ui: 'http://127.0.0.1:8233',
  businesses: [
    {
      id: 'b1',
      name: 'Salon Amor',
      zone: 'America/New_York',
      locale: 'en',
      api_key: 'key-of-the-salon',
      sms_number: '+12125550100',
      log_ins: [{ email: 'owner@salon.example', password: 'demo', permission_level: 'owner' }],
      staff: [{ id: 'ana', name: 'Ana' }],
      services: [{ id: 'cut', name: 'Cut' }],
      contacts: [{ id: 'maria', name: 'María' }],
    },
  ],
  ...more,
});

describe('table', () => {
  it('shows every address, key and log-in, and the command that books', () => {
    const lines = table(aDemo(), 'curl …').join('\n');
    const demo = aDemo();
    for (const shown of [
      demo.console,
      demo.docs,
      demo.handset,
      demo.temporal_ui,
      'Salon Amor',
      'key-of-the-salon',
      'owner@salon.example / demo',
      'curl …',
    ]) {
      expect(lines).toContain(shown);
    }
  });

  it('shows no command when there is nothing to book', () => {
    expect(table(aDemo(), null).join('\n')).not.toContain('Book a visit');
  });
});

describe('bookingCurl', () => {
  const asked: string[] = [];
  const free = { slots: [{ start_ts: '2027-03-15T14:00:00.000Z', staff_id: 'ana' }] };
  let server: Server;
  let api: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(`${String(request.headers.authorization)} ${String(request.url)}`);
      response.end(JSON.stringify(free));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    api = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/api/v1`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('books a time that is free, for a contact of the demo', async () => {
    const curl = await bookingCurl(aDemo({ api }), new Date('2027-03-14T12:00:00.000Z'));
    expect(curl).toContain(`curl -sS ${api}/appointments -H 'Authorization: Bearer key-of-the-salon'`);
    expect(curl).toContain('{"contact_id":"maria","service_id":"cut","staff_id":"ana","start_ts":"2027-03-15T14:00:00.000Z"}');
    expect(asked.at(-1)).toMatch(/^Bearer key-of-the-salon \/api\/v1\/slots\?service_id=cut&from=2027-03-14T12/);
  });

  it('offers no command that would fail', async () => {
    await expect(bookingCurl(aDemo({ api, businesses: [] }), new Date())).resolves.toBeNull();
    const slots = free.slots.splice(0);
    await expect(bookingCurl(aDemo({ api }), new Date())).resolves.toBeNull();
    free.slots.push(...slots);
  });
});
