import { detectLanguage } from './language';

describe('detectLanguage', () => {
  it.each([
    ['en', 'How can I get my money back for the cancelled show?'],
    ['de', 'Wie bekomme ich mein Geld für die abgesagte Vorstellung zurück?'],
    ['es', '¿Cómo puedo recuperar mi dinero por la función cancelada?'],
    ['ru', 'Как вернуть деньги за отменённый сеанс?'],
    ['zh', '演出取消了，我怎样才能退款？'],
    ['ar', 'كيف يمكنني استرداد أموالي عن العرض الملغى؟'],
    ['hi', 'रद्द किए गए शो के लिए मुझे अपना पैसा कैसे वापस मिलेगा?'],
  ])('tells %s', async (language, text) => {
    await expect(detectLanguage(text)).resolves.toBe(language);
  });

  it('does not guess at a text without words', async () => {
    await expect(detectLanguage('12345 !!')).resolves.toBeNull();
  });
});
