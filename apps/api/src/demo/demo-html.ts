interface DemoHtmlOptions {
  apiUrl: string;
  embedKey: string;
}

const TOPICS = [
  ['Getting started', 'From nothing to a cited answer on your own page, in a few minutes.'],
  ['Uploading documents', 'PDF, Word, HTML, Markdown and text. Each file is scanned before it is read.'],
  ['Putting the chat on a site', 'One script tag, and the exact origins that may show it.'],
  ['Security', 'What keeps workspaces apart, and how you can check it yourself.'],
  ['Running it', 'Configuration, health, backups, and more than one machine.'],
  ['The REST API', 'Workspaces, documents, search, embeds, conversations and the audit log.'],
] as const;

const QUESTIONS = [
  [
    'Where do the answers come from?',
    'Only from the documents of this workspace. Every answer names its sources, and each number opens the words it rests on.',
  ],
  [
    'What happens when the documents do not say?',
    'The assistant says so instead of guessing. Try it: ask something this page cannot know.',
  ],
  [
    'Does the chat set cookies or follow visitors?',
    'No cookies at all, and nothing is stored in the browser before the first message.',
  ],
] as const;

/** The demo page: a company's help centre, with the snippet exactly as a customer pastes it. */
export function demoHtml({ apiUrl, embedKey }: DemoHtmlOptions): string {
  const snippet = `<script async src="${escape(apiUrl)}/widget/v1/customercare.js" data-embed-key="${escape(embedKey)}"></script>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Help centre · CustomerCare</title>
<link rel="stylesheet" href="/demo.css">
${embedKey ? snippet : ''}
</head>
<body>
<header>
  <div class="wrap bar">
    <a class="brand" href="/demo"><span class="mark" aria-hidden="true"></span>CustomerCare</a>
    <nav aria-label="Main"><a href="#topics">Topics</a><a href="#questions">Questions</a><a href="#snippet">Your site</a></nav>
  </div>
</header>
<main>
  <section class="hero">
    <div class="wrap">
      <p class="kicker">Help centre</p>
      <h1>How can we help?</h1>
      <p class="lead">Ask in the corner of this page. The assistant answers from our documentation, shows where it read it,
      and tells you when it does not know.</p>
    </div>
  </section>
  <section class="wrap" id="topics">
    <h2>Topics</h2>
    <ul class="grid">
      ${TOPICS.map(([title, text]) => `<li><h3>${escape(title)}</h3><p>${escape(text)}</p></li>`).join('\n      ')}
    </ul>
  </section>
  <section class="wrap" id="questions">
    <h2>Frequent questions</h2>
    ${QUESTIONS.map(([question, text]) => `<details><summary>${escape(question)}</summary><p>${escape(text)}</p></details>`).join('\n    ')}
  </section>
  <section class="wrap" id="snippet">
    <h2>The same on your site</h2>
    <p>This page runs on an origin of its own and has nothing but this line. Its Content-Security-Policy header shows what
    a strict site must allow.</p>
    <pre tabindex="0"><code>${escape(snippet)}</code></pre>
  </section>
</main>
<footer class="wrap"><p>A demonstration page. Its assistant knows the product’s own documentation.</p></footer>
</body>
</html>
`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
