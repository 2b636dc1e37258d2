/** What the assistant says when the documents do not answer: short, honest, in the visitor's language. */
const REFUSALS = new Map(
  Object.entries({
    en: "I couldn't find an answer to that in the documents I have.",
    de: 'Dazu habe ich in den mir vorliegenden Dokumenten keine Antwort gefunden.',
    es: 'No he encontrado una respuesta a eso en los documentos que tengo.',
    fr: "Je n'ai pas trouvé de réponse à cette question dans les documents dont je dispose.",
    pt: 'Não encontrei uma resposta para isso nos documentos de que disponho.',
    ru: 'Я не нашёл ответа на этот вопрос в имеющихся у меня документах.',
    zh: '我在现有的文档中没有找到这个问题的答案。',
    ja: '手元の資料の中に、その質問への回答は見つかりませんでした。',
    ar: 'لم أجد إجابة عن هذا السؤال في المستندات المتاحة لي.',
    hi: 'मेरे पास उपलब्ध दस्तावेज़ों में मुझे इसका उत्तर नहीं मिला।',
  }),
);

export const REFUSAL_LANGUAGES: readonly string[] = [...REFUSALS.keys()];

/**
 * The refusal in the language of the question, else the browser's, else English.
 * @param candidates language tags (BCP 47 or ISO 639-1), best first
 */
export function refusalText(...candidates: (string | null | undefined)[]): string {
  for (const candidate of candidates) {
    const text = REFUSALS.get(candidate?.split('-')[0]?.toLowerCase() ?? '');
    if (text !== undefined) return text;
  }
  return REFUSALS.get('en') ?? '';
}
