/**
 * What keeps people with a keyboard, a screen reader or weak sight from using a page. Runs in the
 * browser, so it refers to nothing outside of itself.
 */
export function accessFaults(): string[] {
  const faults: string[] = [];
  const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];
  const short = (element: Element) => element.outerHTML.slice(0, 120);

  const ids = all('[id]').map((element) => element.id);
  for (const id of ids.filter((each, at) => ids.indexOf(each) !== at)) faults.push(`id ${id} is there twice`);
  if (document.documentElement.lang === '') faults.push('the language is not said');
  for (const landmark of ['header', 'main', 'footer', 'h1'])
    if (all(landmark).length !== 1) faults.push(`${all(landmark).length} ${landmark} instead of one`);
  for (const input of all('input:not([type=hidden])'))
    if (input instanceof HTMLInputElement && !input.labels?.length) faults.push(`no label: ${short(input)}`);
  for (const image of all('img:not([alt])')) faults.push(`no alternative text: ${short(image)}`);
  for (const picture of all('svg:not([aria-hidden=true])')) faults.push(`not hidden: ${short(picture)}`);
  for (const control of all('a[href], button, summary'))
    if (!control.textContent?.trim() && !control.getAttribute('aria-label'))
      faults.push(`no name: ${short(control)}`);
  for (const region of all('nav, section, aside, [role=region]')) {
    const by = region.getAttribute('aria-labelledby');
    const named = region.hasAttribute('aria-label') || (by !== null && document.getElementById(by) !== null);
    if (!named) faults.push(`a region without a name: ${short(region)}`);
  }
  for (const head of all('th:not([scope])'))
    if (!head.closest('.prose')) faults.push(`a head of no column: ${short(head)}`);
  let level = 0;
  for (const heading of all('h1, h2, h3, h4, h5, h6')) {
    const next = Number(heading.tagName.slice(1));
    if (next > level + 1) faults.push(`from h${level} to ${short(heading)}`);
    level = next;
  }

  const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const brightness = ([r = 0, g = 0, b = 0]: readonly number[]) => {
    const linear = (part: number) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  };
  const behind = (element: Element | null): readonly number[] => {
    for (let at = element; at; at = at.parentElement) {
      const color = channels(getComputedStyle(at).backgroundColor);
      if ((color[3] ?? 1) === 1) return color;
    }
    return [255, 255, 255];
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const element = node.parentElement;
    if (!element || !node.textContent?.trim() || element.getClientRects().length === 0) continue;
    const style = getComputedStyle(element);
    const [light = 0, dark = 0] = [brightness(channels(style.color)), brightness(behind(element))].toSorted(
      (a, b) => b - a,
    );
    const contrast = (light + 0.05) / (dark + 0.05);
    const isLarge = Number.parseFloat(style.fontSize) >= 24;
    if (contrast < (isLarge ? 3 : 4.5)) faults.push(`contrast ${contrast.toFixed(1)}: ${short(element)}`);
  }
  if (document.documentElement.scrollWidth > window.innerWidth) faults.push('wider than the window');
  return faults;
}
