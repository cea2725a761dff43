// Records with the page as a person would: node record.mjs URL CLIP CHROMIUM SCREENSHOT KEYS..., where KEYS are key:milliseconds held.
import { chromium } from 'playwright-core';

const [url, clip, executablePath, screenshot, ...keys] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath,
  args: ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${clip}`, '--disable-gpu', '--no-sandbox'],
});
try {
  const page = await browser.newPage({ ignoreHTTPSErrors: true, viewport: { width: 1280, height: 720 } });
  page.on('pageerror', error => console.error(`${error}`));
  await page.goto(url);
  await page.waitForFunction(() => document.body.dataset.frames > 10, undefined, { timeout: 60_000 });
  for (const [i, [key, milliseconds]] of keys.map(key => key.split(':')).entries()) {
    await page.keyboard.down(key);
    await page.waitForTimeout(+milliseconds);
    if (i === 0) await page.screenshot({ path: screenshot });
    await page.keyboard.up(key);
    await page.waitForTimeout(250);
  }
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.body.dataset.ended, undefined, { timeout: 60_000 });
  console.log(await page.evaluate(() => document.body.dataset.ended));
} finally {
  await browser.close();
}
