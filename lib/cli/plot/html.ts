import type { Chart, Mark } from './chart.js';

/** A page that needs nothing else: a chart for each tag. */
export function htmlOf(title: string, charts: readonly Chart[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escaped(title)}</title>
<style>
body { font-family: sans-serif; margin: 24px; color: #222; background: #fff; }
h1 { font-size: 18px; font-weight: 600; }
main { display: flex; flex-wrap: wrap; gap: 16px; }
svg { border: 1px solid #ddd; border-radius: 4px; font: 11px sans-serif; }
</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<main>
${charts.map(svgOf).join('\n')}
</main>
</body>
</html>
`;
}

function svgOf({ tag, width, height, marks }: Chart): string {
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  const content = marks.map(elementOf).join('\n');
  return `<svg ${size} role="img" aria-label="${escaped(tag)}">\n${content}\n</svg>`;
}

function elementOf(mark: Mark): string {
  if (mark.kind === 'text') {
    const { x, y, text, anchor, colour } = mark;
    const place = `x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="${colour}"`;
    return `<text ${place}>${escaped(text)}</text>`;
  }
  const { points, colour, width, opacity } = mark;
  const list = points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ');
  const stroke = `stroke="${colour}" stroke-width="${width}" stroke-opacity="${opacity}"`;
  return `<polyline points="${list}" fill="none" stroke-linejoin="round" ${stroke}/>`;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(text: string): string {
  const codes: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' };
  return text.replaceAll(/[&<>"]/g, (letter) => `&${codes[letter]};`);
}
