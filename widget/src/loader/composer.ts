/** Sends what was typed: with Enter, unless it confirms a composition, or with the button. Shift+Enter is a new line. */
export function wireComposer(form: HTMLFormElement, input: HTMLTextAreaElement, send: (text: string) => void): void {
  form.onsubmit = (event) => {
    event.preventDefault();
    const text = input.value.trim();
    input.value = '';
    if (text) send(text);
  };
  input.onkeydown = (event) => {
    // 229: Safari ends a composition before the Enter that confirms it.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    form.requestSubmit();
  };
}
