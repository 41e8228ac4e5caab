// What pages gain with JavaScript: copying the install command, and a key for the search box.
// Without it, everything else works the same.

for (const button of document.querySelectorAll('[data-copy]')) {
  const text = button.parentElement?.querySelector('[data-copy-text]')?.textContent;
  const label = button.querySelector('[data-copy-label]');
  const said = button.parentElement?.querySelector('[data-copy-said]');
  if (!text || !label || !said) continue;
  // The clipboard is there on https and on this machine alone: elsewhere the text is selected by hand.
  button.hidden = !navigator.clipboard;
  button.addEventListener('click', async () => {
    const isCopied = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    label.textContent = isCopied ? 'Copied' : 'Not allowed';
    said.textContent = isCopied ? 'Copied to the clipboard' : 'The browser did not allow to copy';
    setTimeout(() => {
      label.textContent = 'Copy';
      said.textContent = '';
    }, 2000);
  });
}

const search = document.querySelector('[data-search]');

document.addEventListener('keydown', (event) => {
  const target = event.target;
  const isTyping = target instanceof Element && target.closest('input, textarea, select, [contenteditable]');
  if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!(search instanceof HTMLInputElement)) return;
  event.preventDefault();
  search.focus();
  search.select();
});

// A link to a law or a key inside of a closed part opens it.
const reveal = () => {
  const id = decodeURIComponent(location.hash.slice(1));
  document.getElementById(id)?.closest('details')?.setAttribute('open', '');
};
addEventListener('hashchange', reveal);
reveal();
