// The pages behind mailed links. Nothing is sent before a click: programs that check mails open links too. Cookies are
// neither sent nor taken, and whoever had to sign in is signed out again, so that a page leaves nothing in the browser.
'use strict';

/** What the link brought. It leaves the address bar, and so the history, before anything else happens. */
const token = location.hash.slice(1);
history.replaceState(null, '', location.pathname);
// A second link opened in the same tab changes the fragment alone.
addEventListener('hashchange', () => location.reload());

const message = document.getElementById('message');

/** The problem of an answer (RFC 9457), thrown. */
class Refusal extends Error {
  constructor(problem) {
    super(problem.title ?? 'The service could not answer. Try again in a moment.');
    this.problem = problem;
  }
}

async function post(path, body, accessToken) {
  const headers = {};
  if (body) headers['content-type'] = 'application/json';
  if (accessToken) headers['authorization'] = `Bearer ${accessToken}`;
  const request = { method: 'POST', credentials: 'omit', headers, body: body && JSON.stringify(body) };
  const response = await fetch(`../v1/${path}`, request).catch(() => null);
  const answer = (await response?.json().catch(() => null)) ?? {}; // a 204 has no body
  if (!response?.ok) throw new Refusal(answer);
  return answer;
}

function say(lines, isRefusal = false) {
  message.classList.toggle('refused', isRefusal);
  message.replaceChildren(...lines.map((line) => Object.assign(document.createElement('p'), { textContent: line })));
}

/** Leaves one form on the page, or none, with nothing of what was typed before. */
function show(id) {
  for (const form of document.forms) {
    form.hidden = form.id !== id;
    form.reset();
  }
  (id ? document.querySelector(`#${id} input, #${id} button`) : message).focus();
}

function finish(...lines) {
  say(lines);
  show(null);
}

/** The title, and what is wrong with which field. */
function explain({ message: title, problem }, form) {
  const faults = (problem.errors ?? []).map(({ path, message: fault }) => {
    const field = form.elements.namedItem(path);
    field?.setAttribute('aria-invalid', 'true');
    return `${field?.labels?.[0]?.textContent ?? path}: ${fault}`;
  });
  say([title, ...(problem.detail ? [problem.detail] : []), ...faults], true);
}

function onSubmit(id, act) {
  const form = document.getElementById(id);
  let isBusy = false;
  form?.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    const button = form.querySelector('button');
    button.setAttribute('aria-disabled', 'true');
    for (const field of form.elements) field.removeAttribute('aria-invalid');
    say(['One moment …']);
    try {
      await act(Object.fromEntries(new FormData(form)));
    } catch (error) {
      explain(error instanceof Refusal ? error : new Refusal({}), form);
    } finally {
      isBusy = false;
      button.removeAttribute('aria-disabled');
    }
  });
}

const signOut = ({ accessToken }) => post('auth/logout', undefined, accessToken).catch(() => undefined);

async function accept(session) {
  try {
    const workspace = await post('invitations/accept', { token }, session.accessToken);
    finish(`You are a member of “${workspace.name}” now.`, 'Sign in at your client or through the API.');
  } catch (error) {
    show('sign-in');
    if (error instanceof Refusal && error.problem.code === 'invitation.not-found')
      error.problem.detail = 'It is good once, and only for the address it was sent to. Ask for a new one if need be.';
    throw error;
  } finally {
    await signOut(session);
  }
}

onSubmit('confirm', async () => {
  const session = await post('auth/registrations/confirm', { token, refreshTokenIn: 'body' });
  finish('Your account is ready.', 'Sign in at your client or through the API.');
  await signOut(session);
});

onSubmit('reset-password', async ({ password }) => {
  try {
    await post('auth/password-resets/confirm', { token, password });
  } catch (error) {
    if (error instanceof Refusal && error.problem.code === 'auth.link-invalid') show('request-reset');
    throw error;
  }
  finish('Your password was changed.', 'Sign in with it at your client or through the API.');
});

onSubmit('request-reset', async ({ email }) => {
  const answer = await post('auth/password-resets', { email });
  finish(answer.message);
});

let challenge = '';
onSubmit('sign-in', async ({ email, password, deviceCode }) => {
  let step;
  try {
    step = await post('auth/login', { email, password, refreshTokenIn: 'body', ...(deviceCode && { deviceCode }) });
  } catch (error) {
    if (error instanceof Refusal && error.problem.code === 'auth.device-code-required')
      document.getElementById('device-code').hidden = false;
    throw error;
  }
  if (!step.secondFactor) return accept(step);
  challenge = step.secondFactor.challenge;
  say([]);
  show('second-factor');
});

onSubmit('second-factor', async ({ code }) => {
  const proof = /^\d{3}\s?\d{3}$/.test(code.trim()) ? { code: code.trim() } : { recoveryCode: code.trim() };
  let session;
  try {
    session = await post('auth/login/second-factor', { challenge, ...proof, refreshTokenIn: 'body' });
  } catch (error) {
    if (error instanceof Refusal && error.problem.code === 'auth.challenge-invalid') show('sign-in');
    throw error;
  }
  await accept(session);
});

for (const box of document.querySelectorAll('[data-shows]')) {
  const field = document.getElementById(box.dataset.shows);
  box.addEventListener('change', () => (field.type = box.checked ? 'text' : 'password'));
  box.form.addEventListener('reset', () => (field.type = 'password'));
}

const [first] = document.forms;
if (token) first.hidden = false;
else if (document.getElementById('request-reset')) document.getElementById('request-reset').hidden = false;
else say(['This link is not complete. Open it again from the mail.'], true);
