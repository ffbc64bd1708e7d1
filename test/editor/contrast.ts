// Measures the contrast of texts in the editor as WCAG 2 defines it, from what the browser has computed.
import { type Page } from 'playwright-core';

/** A visible text and how well it stands out from what lies behind it. */
export interface MeasuredText {
  text: string;
  colour: string;
  background: string;
  ratio: number;
  /** What level AA asks of a text of this size. */
  wanted: number;
}

/** Runs in the page: `measured` is called with the selector. Plain JavaScript, as the page gets it as text. */
const inPage = `
const channels = (colour) => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
  return { red, green, blue, alpha: alpha / 255 };
};
const over = (top, below) => {
  const mix = (name) => top[name] * top.alpha + below[name] * (1 - top.alpha);
  return { red: mix('red'), green: mix('green'), blue: mix('blue'), alpha: 1 };
};
const luminance = ({ red, green, blue }) => {
  const [r, g, b] = [red, green, blue].map((value) => {
    const part = value / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ratioOf = (front, back) => {
  const [light, dark] = [luminance(front), luminance(back)].sort((left, right) => right - left);
  return (light + 0.05) / (dark + 0.05);
};
const hex = ({ red, green, blue }) => '#' + [red, green, blue].map((value) => Math.round(value).toString(16).padStart(2, '0')).join('');
const backgroundOf = (element) => {
  const layers = [];
  for (let one = element; one !== null; one = one.parentElement) {
    const layer = channels(getComputedStyle(one).backgroundColor);
    if (layer.alpha > 0) layers.push(layer);
    if (layer.alpha === 1) break;
  }
  return layers.reverse().reduce((below, top) => over(top, below), { red: 255, green: 255, blue: 255, alpha: 1 });
};
const measure = (element, colour, back) => {
  const style = getComputedStyle(element);
  const front = over(channels(colour), back);
  const size = parseFloat(style.fontSize);
  const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  return { text: element.textContent.trim().slice(0, 60), colour: hex(front), background: hex(back), ratio: ratioOf(front, back), wanted: large ? 3 : 4.5 };
};
const hasOwnText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '');
`;

/** The texts that are visible below an element. What is switched off needs no contrast. */
export function measureTexts(page: Page, selector: string): Promise<MeasuredText[]> {
  return page.evaluate(`(() => { ${inPage}
    return [...document.querySelectorAll(${JSON.stringify(`${selector} *`)})]
      .filter((element) => hasOwnText(element) && element.checkVisibility({ visibilityProperty: true }) && element.closest(':disabled') === null)
      .filter((element) => !['OPTION', 'SCRIPT', 'STYLE'].includes(element.tagName))
      .map((element) => measure(element, getComputedStyle(element).color, backgroundOf(element)));
  })()`);
}

/** The labels of our nodes on the colour of the node, and the texts below them on the canvas. */
export function measureCanvas(page: Page): Promise<{ labels: MeasuredText[]; statuses: MeasuredText[] }> {
  return page.evaluate(`(() => { ${inPage}
    const canvas = channels(getComputedStyle(document.querySelector('.red-ui-workspace-chart-background')).fill);
    const labels = [];
    const statuses = [];
    for (const group of document.querySelectorAll('.red-ui-flow-node-group')) {
      const box = group.querySelector('.red-ui-flow-node');
      const back = over(channels(getComputedStyle(box).fill), canvas);
      for (const label of group.querySelectorAll('.red-ui-flow-node-label text, text.red-ui-flow-node-label-text')) {
        if (label.textContent.trim() !== '') labels.push(measure(label, getComputedStyle(label).fill, back));
      }
      const status = group.querySelector('.red-ui-flow-node-status-label');
      if (status !== null && status.textContent.trim() !== '') statuses.push(measure(status, getComputedStyle(status).fill, canvas));
    }
    return { labels, statuses };
  })()`);
}

/** The texts that are too faint, in words. */
export function tooFaint(texts: readonly MeasuredText[]): string[] {
  return texts
    .filter(({ ratio, wanted }) => ratio < wanted)
    .map(({ text, colour, background, ratio }) => `"${text}" ${colour} on ${background}: ${ratio.toFixed(2)}`);
}
