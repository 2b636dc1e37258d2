import { tokenize } from './tokenize';

describe('tokenize', () => {
  it('maps the forms of a word to one token and drops words without a subject', () => {
    expect(tokenize('How do I cancel my tickets?')).toEqual(tokenize('cancelling a ticket'));
  });

  it('keeps vowel signs with their letters in Hindi', () => {
    expect(tokenize('टिकट रद्द', 'hi')).toEqual(['टिकट', 'रद्द']);
  });

  it('cuts Chinese into pairs and single characters, and leaves Latin names inside whole', () => {
    expect(tokenize('退款VIP卡', 'zh')).toEqual(['退款', '退', '款', 'vip', '卡']);
    expect(tokenize('電影票務', 'zh')).toEqual(['電影', '影票', '票務', '電', '影', '票', '務']);
  });

  it('treats full-width and half-width, upper and lower case alike', () => {
    expect(tokenize('ＡＢＣ１２')).toEqual(tokenize('abc12'));
  });

  it('stems by the language it is given', () => {
    expect(tokenize('Häuser', 'de')).toEqual(tokenize('Haus', 'de'));
    expect(tokenize('билеты', 'ru')).toEqual(tokenize('билета', 'ru'));
  });

  it('does not take a possessive for a word', () => {
    expect(tokenize("the cinema's hall")).toEqual(tokenize('cinema hall'));
  });

  it('yields nothing for a text without words', () => {
    expect(tokenize('?! … 🙂')).toEqual([]);
  });
});
