import type { Texts } from './texts';

const hi: Texts = {
  assistant: 'एआई सहायक',
  connecting: 'कनेक्ट हो रहा है…',
  reconnecting: 'फिर कनेक्ट हो रहा है…',
  offline: 'आप ऑफ़लाइन हैं। संदेश बाद में भेजे जाएँगे।',
  unavailable: 'चैट अभी उपलब्ध नहीं है।',
  answering: 'जवाब लिखा जा रहा है…',
  stop: 'रोकें',
  stopped: 'रोका गया',
  failed: 'जवाब पूरा नहीं हो सका।',
  retry: 'फिर कोशिश करें',
  notSent: 'नहीं भेजा गया',
  tooLong: 'संदेश बहुत लंबा है।',
  limited: 'सीमा पूरी हो गई। {t} बाद जारी रखें।',
  busy: 'एक क्षण, पहले आपके बाकी सवाल।',
  remaining: 'अभी शेष संदेश: {n}',
  notFound: 'दस्तावेज़ों में नहीं मिला',
  sources: 'स्रोत',
  source: 'स्रोत {n}',
  page: 'पृष्ठ {n}',
  openSource: 'दस्तावेज़ खोलें',
  suggestions: 'सुझाए गए सवाल',
  latest: 'नए संदेश',
  you: 'आप',
  support: 'सहायता टीम',
  newWindow: 'नए टैब में खुलता है',
  accept: 'स्वीकार करें और शुरू करें',
};

export default hi;
