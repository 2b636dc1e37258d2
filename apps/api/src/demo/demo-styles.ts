/** The demo page's style sheet, a file of its own because the page's policy forbids inline styles. */
export const DEMO_STYLES = `
:root { --ink: #171923; --muted: #596073; --line: #e4e7ef; --soft: #f6f7fb; --accent: #4053d6; color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #eceef5; --muted: #a2a9bb; --line: #2a2e3b; --soft: #171a22; --accent: #9ba7ff; }
  body { background: #0f1117; }
}
* { box-sizing: border-box; margin: 0; }
body { font: 16px/1.6 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; color: var(--ink); }
.wrap { max-width: 1040px; margin: 0 auto; padding: 0 24px; }
header { border-bottom: 1px solid var(--line); }
.bar { display: flex; align-items: center; justify-content: space-between; gap: 24px; min-height: 64px; flex-wrap: wrap; }
.brand { display: flex; align-items: center; gap: 10px; font-weight: 650; font-size: 18px; color: inherit; text-decoration: none; }
.mark { width: 22px; height: 22px; border-radius: 8px 8px 8px 2px; background: var(--accent); }
nav { display: flex; gap: 22px; }
nav a { color: var(--muted); text-decoration: none; font-size: 15px; }
nav a:hover { color: var(--ink); }
.hero { padding: 72px 0 64px; background: var(--soft); border-bottom: 1px solid var(--line); }
.kicker { color: var(--accent); font-weight: 600; font-size: 14px; }
h1 { font-size: clamp(34px, 6vw, 52px); line-height: 1.12; letter-spacing: -0.02em; margin: 6px 0 14px; }
.lead { max-width: 620px; color: var(--muted); font-size: 18px; }
h2 { font-size: 24px; letter-spacing: -0.01em; margin: 56px 0 18px; }
.grid { list-style: none; padding: 0; display: grid; gap: 16px; grid-template-columns: repeat(auto-fill, minmax(270px, 1fr)); }
.grid li { padding: 22px; border: 1px solid var(--line); border-radius: 14px; }
h3 { font-size: 17px; margin-bottom: 4px; }
.grid p, #snippet p { color: var(--muted); font-size: 15px; }
details { border-bottom: 1px solid var(--line); padding: 14px 0; }
summary { cursor: pointer; font-weight: 550; }
details p { color: var(--muted); padding-top: 8px; max-width: 700px; }
pre { margin-top: 14px; padding: 18px; border: 1px solid var(--line); border-radius: 12px; background: var(--soft); overflow-x: auto; font-size: 14px; }
footer { margin-top: 64px; padding-bottom: 96px; color: var(--muted); font-size: 14px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 4px; }
`;
