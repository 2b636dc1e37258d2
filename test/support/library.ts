/** Real documents, a question in a visitor's own words that each answers, and words its quote must hold. */
export const LIBRARY = [
  {
    file: 'documents/pdf/markitdown__movie-theater-booking-2024.pdf',
    type: 'application/pdf',
    title: 'movie',
    question: 'Which movie package did I book for the holidays?',
    known: 'Holiday Movie Marathon Package',
  },
  {
    file: 'documents/docx/unstructured__handbook-1p.docx',
    type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    title: 'handbook',
    question: 'Does the handbook create additional rights against the standing trustee?',
    known: 'This Handbook does not create additional rights against the standing trustee',
  },
  {
    file: 'documents/helpcenter/debian-faq/en/choosing.en.html',
    type: 'text/html',
    title: 'Choosing a Debian distribution',
    question: 'Which version of XYZ does testing have on July 8th?',
    known: 'So on July 8th, testing has XYZ-3.7 while unstable has XYZ-3.9.',
  },
];
