import type { Texts } from './texts';

const ar: Texts = {
  assistant: 'مساعد ذكاء اصطناعي',
  connecting: 'جارٍ الاتصال…',
  reconnecting: 'جارٍ إعادة الاتصال…',
  offline: 'أنت غير متصل. سترسل رسائلك لاحقاً.',
  unavailable: 'المحادثة غير متاحة الآن.',
  answering: 'جارٍ كتابة الإجابة…',
  stop: 'إيقاف',
  stopped: 'تم الإيقاف',
  failed: 'تعذر إكمال الإجابة.',
  retry: 'أعد المحاولة',
  notSent: 'لم ترسل',
  tooLong: 'الرسالة طويلة جداً.',
  limited: 'تم بلوغ الحد. يمكنك المتابعة بعد {t}.',
  busy: 'لحظة، أسئلتك الأخرى أولاً.',
  remaining: 'الرسائل المتبقية الآن: {n}',
  notFound: 'غير موجود في المستندات',
  sources: 'المصادر',
  source: 'المصدر {n}',
  page: 'صفحة {n}',
  openSource: 'فتح المستند',
  suggestions: 'أسئلة مقترحة',
  latest: 'أحدث الرسائل',
  you: 'أنت',
  support: 'الدعم',
  newWindow: 'يفتح في علامة تبويب جديدة',
  accept: 'أوافق وأبدأ',
};

export default ar;
