/** The words painted before the panel is there. */
export type LoaderTexts = readonly [chat: string, close: string, placeholder: string, send: string, retry: string];

const TEXTS: Record<string, LoaderTexts> = {
  en: ['Chat', 'Close', 'Ask a question…', 'Send', 'Try again'],
  de: ['Chat', 'Schließen', 'Frage stellen…', 'Senden', 'Noch einmal'],
  es: ['Chat', 'Cerrar', 'Haz una pregunta…', 'Enviar', 'Reintentar'],
  fr: ['Chat', 'Fermer', 'Posez une question…', 'Envoyer', 'Réessayer'],
  pt: ['Chat', 'Fechar', 'Faça uma pergunta…', 'Enviar', 'Tentar de novo'],
  ar: ['محادثة', 'إغلاق', 'اطرح سؤالاً…', 'إرسال', 'أعد المحاولة'],
  hi: ['चैट', 'बंद करें', 'सवाल पूछें…', 'भेजें', 'फिर कोशिश करें'],
  ja: ['チャット', '閉じる', '質問を入力…', '送信', '再試行'],
  zh: ['聊天', '关闭', '请输入问题…', '发送', '重试'],
};

/** The first of the wished languages that is shipped: `pt-BR` is served by `pt`, an unknown one by the next, all unknown by `en`. */
export function chooseLocale(...wishes: (string | undefined)[]): string {
  return wishes.map((wish = '') => wish.slice(0, 2).toLowerCase()).find((language) => language in TEXTS) ?? 'en';
}

/** The words of a language `chooseLocale` returned. */
export function loaderTexts(locale: string): LoaderTexts {
  // `chooseLocale` returns only keys of the table; its last resort is English.
  return TEXTS[locale] as LoaderTexts;
}
