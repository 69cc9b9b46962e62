// What the browser tests share: the browser, people in it, photos for them,
// and a look at everything that goes wrong behind a page.
//
// Needs PIXLPIX_URL and PIXLPIX_BUILDDIR, as tools/check browser sets them,
// and Debian's Chromium.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

export const url = process.env.PIXLPIX_URL;
export const build = process.env.PIXLPIX_BUILDDIR;
export const password = "four words make one";
const tests = dirname(dirname(fileURLToPath(import.meta.url)));
export const top = dirname(tests);

let browser = null;

export const openBrowser = async () => {
	const isRoot = process.getuid() === 0;
	browser = await chromium.launch({
		executablePath: process.env.PIXLPIX_CHROMIUM || "/usr/bin/chromium",
		args: isRoot ? ["--no-sandbox"] : [],
	});
};

export const closeBrowser = () => browser.close();

// A person's own browser, with cookies and a page; options are Playwright's
// (javaScriptEnabled, viewport, colorScheme).  `faults` gathers what no page
// may do: break the policy, fail in its script, ask elsewhere or get a 5xx.
export const newPerson = async (options = {}) => {
	const context = await browser.newContext({
		viewport: { width: 1280, height: 900 },
		locale: "en-GB",
		reducedMotion: "reduce", // a page that scrolls smoothly is hard to hit
		...options,
	});
	context.setDefaultTimeout(20000);
	const page = await context.newPage();
	const faults = [];
	page.on("console", (message) => {
		// A page with another status than 200 is a line in the console, too.
		if (message.type() === "error" && !/responded with a status of 4\d\d/.test(message.text())) {
			faults.push(`${page.url()}: ${message.text()}`);
		}
	});
	page.on("pageerror", (error) => faults.push(`${page.url()}: ${error}`));
	page.on("request", (request) => {
		if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(`${url}/`)) {
			faults.push(`${page.url()} asks ${request.url()}`);
		}
	});
	page.on("response", (response) => {
		if (response.status() >= 500) {
			faults.push(`${response.status()} ${response.url()}`);
		}
	});
	await page.addInitScript(() => {
		document.addEventListener("securitypolicyviolation", (event) => {
			console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
		});
	});
	return { context, page, faults };
};

let numbers = 0;
export const freshName = (stem) => `${stem}_${process.pid}_${(numbers += 1)}`;

// Fills in the form to join and sends it; `again` may differ from the password.
export const sendJoin = async (page, name, display, again = password) => {
	await page.goto(`${url}/register`);
	await page.getByLabel("Username").fill(name);
	await page.getByLabel("Display name").fill(display);
	await page.getByLabel("Email").fill(`${name}@example.org`);
	await page.getByLabel("Password", { exact: true }).fill(password);
	await page.getByLabel("Password again").fill(again);
	await page.getByLabel("I have read the").check();
	await page.getByRole("button", { name: "Create account" }).click();
};

export const logIn = async (page, name, word = password) => {
	await page.goto(`${url}/login`);
	await page.getByLabel("Username or email").fill(name);
	await page.getByLabel("Password").fill(word);
	await page.getByRole("button", { name: "Log in" }).click();
	await page.locator("details.menu").waitFor();
};

export const logOut = async (page) => {
	await page.locator("details.menu summary").click();
	await page.getByRole("button", { name: "Log out" }).click();
	await page.getByRole("status").waitFor();
};

// The three photos of a phone, with what tools/demo_photos/camera.h says of
// them: turned, with a position, and with four paper notes to tell by.
export const cameraPhotos = () => {
	const folder = execFileSync("python3", ["-c", "import pictures; print(pictures.camera_photos())"], {
		cwd: join(tests, "site"),
		encoding: "utf-8",
	}).trim();
	return [6, 3, 8].map((orientation) => join(folder, `camera-${orientation}.jpg`));
};

const notes = [
	[0.13, 0.13, [216, 38, 38]],
	[0.87, 0.13, [40, 150, 70]],
	[0.13, 0.87, [240, 200, 40]],
	[0.87, 0.87, [36, 70, 205]],
];

// What the browser shows of an image: its natural size, and the colours where
// the four notes lie in the largest centred square.
const look = (image, places) =>
	image.evaluate(async (element, at) => {
		await element.decode();
		const canvas = document.createElement("canvas");
		const width = (canvas.width = element.naturalWidth);
		const height = (canvas.height = element.naturalHeight);
		const pen = canvas.getContext("2d");
		pen.drawImage(element, 0, 0);
		const side = Math.min(width, height);
		return {
			width,
			height,
			colours: at.map(([x, y]) =>
				Array.from(
					pen.getImageData(
						Math.round((width - side) / 2 + x * side),
						Math.round((height - side) / 2 + y * side),
						1,
						1
					).data.slice(0, 3)
				)
			),
		};
	}, places);

// Asserts that an <img> shows a camera photo upright, and gives its size.
export const assertUpright = async (image) => {
	const seen = await look(image, notes);
	for (const [i, [, , wanted]] of notes.entries()) {
		for (const channel of [0, 1, 2]) {
			const off = Math.abs(seen.colours[i][channel] - wanted[channel]);
			assert.ok(off <= 30, `note ${i} is ${seen.colours[i]}, not ${wanted}`);
		}
	}
	return [seen.width, seen.height];
};

// The pictures of a page are there, once it has been seen to its end.
export const seeAll = async (page) => {
	for (const image of await page.locator("img").all()) {
		await image.scrollIntoViewIfNeeded();
		await image.evaluate((element) => element.decode());
	}
};

// A site that people use, made by tools/demo; ida looks round in it.
export const fillWithDemo = () => {
	execFileSync("make", ["-s", "-C", build, "--no-print-directory", "demo-photos"], { stdio: "ignore" });
	execFileSync(join(top, "tools", "demo"), [url, join(build, "demo-photos")], { stdio: "ignore" });
};

export const demoPassword = "a-photo-a-day";

// Gives somebody the role of an admin, as the sysadmin's shell does.
export const makeAdmin = (name) => {
	const state = process.env.PIXLPIX_STATE;

	execFileSync(join(state, "programs/bin/pixlpixctl"), [
		"--config", join(state, "pixlpix.conf"), "user", "role", name, "admin",
	]);
};
