import { ConfigError } from '../../config';
import { explain, explainLog, isUnexpected, portTaken, Trouble } from '../../scripts/lib/trouble';

const aSystemError = (more: object) => Object.assign(new Error('as the system says it'), more);

describe('explain', () => {
  it('says in one sentence what to do about a full disk', () => {
    expect(explain(aSystemError({ code: 'ENOSPC' }))).toMatch(/^The disk is full: free some space .*\.$/);
  });

  it('knows it also when PostgreSQL says it', () => {
    expect(explain(aSystemError({ code: '53100', message: 'could not extend file "base/5/1259": No space left on device' }))).toContain(
      'The disk is full',
    );
  });

  it('names the port that is taken', () => {
    expect(explain(aSystemError({ code: 'EADDRINUSE', port: 3000 }))).toContain('Port 3000 is taken');
    expect(portTaken(3000, 'API_PORT')).toContain('API_PORT=<number>');
  });

  it('names the file that this user may not use', () => {
    expect(explain(aSystemError({ code: 'EACCES', path: '/data/.usher' }))).toContain('/data/.usher');
  });

  it('names the program that is missing', () => {
    expect(explain(aSystemError({ code: 'ENOENT', path: 'go', syscall: 'spawn go' }))).toContain('The program go is not on the PATH');
  });

  it('shows a stack only for what nobody foresaw', () => {
    expect(isUnexpected(new TypeError('x is not a function'))).toBe(true);
    expect(isUnexpected(new Trouble('Do this.'))).toBe(false);
    expect(isUnexpected(new ConfigError(['API_PORT: missing']))).toBe(false);
    expect(isUnexpected(aSystemError({ code: 'ENOSPC' }))).toBe(false);
  });
});

describe('explainLog', () => {
  it('finds the port in what Node, Go and PostgreSQL say about it', () => {
    expect(explainLog('Error: listen EADDRINUSE: address already in use 127.0.0.1:3001\n    at Server')).toContain('Port 3001');
    expect(explainLog('Error: listen EADDRINUSE: address already in use :::3001')).toContain('Port 3001');
    expect(explainLog('listen tcp 127.0.0.1:7233: bind: address already in use')).toContain('Port 7233');
  });

  it('finds a full disk in a log', () => {
    expect(explainLog('PANIC:  could not write to file "pg_wal/xlogtemp.71": No space left on device')).toContain('The disk is full');
  });

  it('says nothing about what it does not know', () => {
    expect(explainLog('TypeError: x is not a function')).toBeNull();
  });
});
