import { readMultipart } from '../../api/multipart';

const read = (body: string) => readMultipart({ 'content-type': 'multipart/form-data; boundary=b' }, Buffer.from(body));

describe('a form in several parts', () => {
  it('is read with its fields and the sizes of its files', async () => {
    const part = (head: string, content: string) => `--b\r\nContent-Disposition: form-data; ${head}\r\n\r\n${content}\r\n`;
    const form = await read(`${part('name="text"', 'hello')}${part('name="file"; filename="a.csv"', 'name,phone')}--b--`);
    expect(form.fields['text']?.toString()).toBe('hello');
    expect(form.files).toMatchObject([{ filename: 'a.csv', bytes: 10 }]);
  });

  it('that ends inside its file is refused, and ends nothing else', async () => {
    const half = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nname,phone\nA,+1';
    await expect(read(half)).rejects.toMatchObject({ code: 'malformed_upload' });
  });
});
